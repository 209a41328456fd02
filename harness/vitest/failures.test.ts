import { beforeAll, describe, expect, it } from 'vitest';
import { filesOf, pluginWith, runInline, type InlineResult } from './inline-project.js';

// Every way to fail, as a person sees it: the whole report of vitest, a file a failure. Read them when they change.
const SPECS: Readonly<Record<string, readonly string[]>> = {
  'what a script may not do unsaid': [
    'undeclared command', 'leftover process', 'time limit', 'output limit', 'unbound variable', 'integer expected',
    'syntax error while sourcing', 'exit while sourcing', 'waiting for ever while sourcing',
  ],
  'what a spec may not leave unsaid': ['exit code that nobody looked at', 'run that nobody awaited', 'stub that nobody called'],
  'what a spec may leave unsaid, unless the plugin is told otherwise': ['effects that nobody looked at'],
  'what did not come true': [
    'exit code', 'printed text', 'content of a file', 'mode of a file', 'place of a file', 'changes of the tree',
    'arguments of a call', 'order of calls', 'call that should not be', 'event',
  ],
  'what a spec got wrong': [
    'name of a function', 'name of an option', 'value of a limit', 'path of a script', 'name of a tool', 'calls of a tool',
    'name of a stub', 'promise instead of a run', 'text instead of a run', 'handler that throws',
    'variable of a script that ran by itself', 'file that is not there',
  ],
  'what a script may not wait for': ['wait that never ends'],
};

let result: InlineResult;
beforeAll(async () => {
  result = await runInline({ ...await filesOf(new URL('testdata/failing/', import.meta.url)), ...pluginWith("{ failUnasserted: ['failing.spec.ts'] }") });
}, 60_000);

describe.each(Object.entries(SPECS))('%s', (suite, tests) => {
  it.each(tests)('%s', async (name) => {
    await expect(reportOf(`failing.spec.ts > ${suite} > ${name}`)).toMatchFileSnapshot(`testdata/reports/${name.replaceAll(' ', '-')}.txt`);
  });
});

it.each(['missing-import', 'missing-in-set'])('a spec that imports a script which is not there: %s', async (name) => {
  await expect(reportOf(`${name}.spec.ts`)).toMatchFileSnapshot(`testdata/reports/${name}.txt`);
});

it('an invariant of a shell that does not hold of a run', async () => {
  await expect(reportOf('invariant.spec.ts > does not hold of a run')).toMatchFileSnapshot('testdata/reports/invariant-that-does-not-hold.txt');
});

it('every failure is looked at, and nothing else failed', () => {
  const tests = Object.entries(SPECS).flatMap(([suite, names]) => names.map((name) => `failing.spec.ts > ${suite} > ${name}`));
  expect([...result.failures.keys()].sort()).toEqual([...tests, 'invariant.spec.ts > does not hold of a run', 'missing-import.spec.ts', 'missing-in-set.spec.ts'].sort());
  expect(result.exitCode).toBe(1);
  expect(result.report).toContain(`Tests  ${tests.length + 1} failed | 1 passed (${tests.length + 2})`);
});

function reportOf(failure: string): string {
  const report = result.failures.get(failure);
  if (report === undefined) throw new Error(`'${failure}' did not fail:\n${result.report}`);
  return `${report}\n`;
}
