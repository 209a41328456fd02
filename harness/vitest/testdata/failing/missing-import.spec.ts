import { it } from 'vitest';
import { defineShell } from 'shellrig';
import lib from './libs.sh';

it('is never run', async () => {
  await defineShell({ source: [lib] }).call('greet');
});
