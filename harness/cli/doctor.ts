import type { Command } from './commands.js';
import { parseOptions } from './options.js';

export const doctor: Command = {
  usage: '', options: [], notes: '',
  async run(args) { parseOptions('doctor', [], args); return 0; },
};
