import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import main from '#scripts/main.sh';
import same from './scripts/main.sh';

const shell = defineShell({ source: [main] });

it('says hello', async () => {
  expect(main).toBe(`${import.meta.dirname}/scripts/main.sh`);
  expect(same).toBe(main);
  const run = await shell.call('say', 'you');
  expect(run).toSucceed();
  expect(run).toPrint('hello, you');
});
