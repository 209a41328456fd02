import { shellWords } from '../diagnostics/command-text.js';
import { printed } from '../diagnostics/printed.js';
import type { ArgumentPattern } from '../stubs/arguments.js';

/** A call as it is looked for, on one line: `systemctl start any`. */
export function callPatternText(name: string, args: readonly ArgumentPattern[]): string {
  return [shellWords([name]), ...args.map((arg) => (typeof arg === 'string' ? shellWords([arg]) : typeof arg === 'symbol' ? String(arg.description) : printed(arg)))].join(' ');
}
