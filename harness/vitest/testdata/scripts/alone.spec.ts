import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import alone from './scripts/alone.bash';

it('is alone', async () => {
  const run = await defineShell({ source: [alone] }).call('alone');
  expect(run).toSucceed();
  expect(run).toPrint('alone');
});
