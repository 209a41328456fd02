import { expect, it } from 'vitest';
import { pluginWith, runInline, type InlineFiles, type InlineResult } from '../vitest/inline-project.js';

const run = (body: string, options = '', more: InlineFiles = {}): Promise<InlineResult> => runInline({
  'lib.sh': 'two() { echo a > /a; notify restart; }\nbad() { return 3; }\n',
  'a.spec.ts': `
    import { afterAll, afterEach, beforeAll, beforeEach, describe, it, onTestFinished } from 'vitest';
    import { defineShell, exits } from 'shellrig';
    import { changesOnlyUnder } from 'shellrig/invariants';
    import lib from './lib.sh';
    const shell = defineShell({ source: [lib], stubs: { notify: exits(0) } });
    const strict = shell.with({ invariants: [changesOnlyUnder(['/opt'])] });
    const looks = async ({ expect }) => { const run = await shell.call('two'); run.effects(); expect(run).toSucceed(); };
    ${body}
  `,
  ...pluginWith(options),
  ...more,
});
const failed = ({ failures }: InlineResult) => [...failures.keys()].map((name) => name.replace('a.spec.ts > ', '')).sort();

it('each of concurrent tests answers for the runs that it asked for', async () => {
  const result = await run(`
    it.concurrent('A', async () => { await shell.call('bad'); });
    it.concurrent('B', looks);
    it.concurrent('C', async ({ expect }) => { expect(await strict.call('two')).toSucceed(); });
    it.concurrent('D', looks);
    it.concurrent('E', async () => { shell.call('two'); });
    it.concurrent.fails('F', async ({ expect }) => { expect(await shell.call('two')).toExit(4); });
    describe.concurrent('of suites', () => {
      describe('one', () => { it.sequential('G', looks); it.sequential('H', async () => { await shell.call('bad'); }); });
      describe('two', () => { it.sequential('I', looks); it.sequential('J', looks); });
    });
  `);
  expect(failed(result)).toEqual(['A', 'C', 'E', 'of suites > one > H']);
  expect(result.failures.get('a.spec.ts > A')).toContain("-t 'A$'");
  expect(result.failures.get('a.spec.ts > C')).toContain('changesOnlyUnder');
  expect(result.failures.get('a.spec.ts > E')).toContain('never awaited');
});

it('each of concurrent tests answers for its own effects, also for those of its hooks and fixtures', async () => {
  const result = await run(`
    const fixed = it.extend({ made: [async ({}, use) => { await use(await shell.call('two')); }, { auto: true }] });
    let n = 0;
    it.concurrent('A', async ({ expect }) => { expect(await shell.call('two')).toSucceed(); });
    it.concurrent('B', looks);
    it.concurrent.each([['two'], ['true']])('C %s', async (name) => { await shell.call(name); });
    it.concurrent('D', async (context) => { context.onTestFinished(async () => { await shell.call('two'); }); await looks(context); });
    it.concurrent('E', { retry: 1 }, async ({ expect }) => { const run = await shell.call('two'); if (n++ === 0) { run.effects(); expect(run).toExit(1); } });
    it.concurrent('F', { repeats: 1 }, looks);
    fixed.concurrent('G', async () => {});
    fixed.concurrent('H', async ({ made }) => { made.effects(); });
    describe('with a hook', () => {
      let run;
      beforeEach(async ({ task }) => { run = await shell.call('two'); if (task.name === 'J') run.effects(); });
      it.concurrent('I', async () => {});
      it.concurrent('J', async () => {});
    });
  `, '{ failUnasserted: true }');
  expect(failed(result)).toEqual(['A', 'C two', 'D', 'E', 'G', 'with a hook > I']);
});

it('a run that a test asks for in its very end is its own, and one of a suite its file\'s', async () => {
  const result = await run(`
    it('A', async (context) => { onTestFinished(async () => { await shell.call('two'); }); await looks(context); });
    it('B', looks);
    it.concurrent('C', looks);
    describe.concurrent('with a hook', () => {
      beforeAll(async () => { await shell.call('two'); });
      it('D', looks);
    });
  `, '{ failUnasserted: true }');
  expect(failed(result)).toEqual(['A', 'a.spec.ts']);
});
