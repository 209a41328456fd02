import { expect, it } from 'vitest';
import { runInline } from '../vitest/inline-project.js';

const spec = (hook: string, body: string) => `
  import { beforeAll, expect, it } from 'vitest';
  import { defineShell } from 'shellrig';
  import lib from './lib.sh';
  const shell = defineShell({ source: [lib] });
  let run;
  ${hook}
  it('passes', () => ${body});
`;

it('a run that a hook asked for is looked at by the end of the file', async () => {
  const { failures, exitCode, report } = await runInline({
    'lib.sh': 'bad() { return 4; }\n',
    'unlooked.spec.ts': spec("beforeAll(async () => { run = await shell.call('bad'); });", "expect(run.stdout).toBe('')"),
    'forgotten.spec.ts': spec("beforeAll(() => { run = shell.call('bad'); });", 'expect(run).toBeDefined()'),
    'looked.spec.ts': spec("beforeAll(async () => { run = await shell.call('bad'); });", 'expect(run).toExit(4)'),
  });
  expect(exitCode).toBe(1);
  expect([...failures.keys()].sort()).toEqual(['forgotten.spec.ts', 'unlooked.spec.ts']);
  expect(report).toContain('A run ended with exit code 4, and no expectation looked at it.');
  expect(report).toContain('A run was started and never awaited');
});
