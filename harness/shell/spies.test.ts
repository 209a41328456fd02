import { expect, it } from 'vitest';
import { defineShell, exits, fails, real, spy } from 'shellrig';
import { unassertedEffects } from './unasserted.js';

const shell = defineShell({ source: ['./spies.fixture.sh'], stubs: { greet: spy(), sed: real(), cut: real(), awk: fails({ times: 1 }).then(real()), curl: exits(0) } });

it('a run knows which of its stubs are spies, after what was given to it', async () => {
  const run = await shell.given({ stubs: { cut: exits(0) } }).call('greet');

  expect(run).toSucceed();
  expect([...run.record.context.spyNames].sort()).toEqual(['greet', 'sed']);
  expect(unassertedEffects(run, undefined)?.calls.map(({ name }) => name)).toEqual(['curl', 'awk', 'cut']);
  expect(run.allCalls.map(({ name }) => name)).toEqual(['greet', 'curl', 'sed', 'awk', 'cut']);
});

it('a call of a spy is no effect of its own, and what it prints may be the result', async () => {
  const run = await shell.call('eval', 'echo a | sed s/a/b/');

  expect(run).toSucceed();
  expect(unassertedEffects(run, undefined)).toMatchObject({ calls: [], stdout: true });
});
