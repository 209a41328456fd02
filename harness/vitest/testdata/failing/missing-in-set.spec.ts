import { it } from 'vitest';
import { defineShell } from 'shellrig';
import start from '#scripts/strat.sh';

it('is never run', async () => {
  await defineShell({ source: [start] }).call('start');
});
