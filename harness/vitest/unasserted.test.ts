import { describe, expect, it } from 'vitest';
import { pluginWith, runInline, type InlineFiles, type InlineResult } from './inline-project.js';

const SPEC = `
  import { beforeAll, expect, it } from 'vitest';
  import { defineShell, exits } from 'shellrig';
  const shell = defineShell({ source: ['../lib.sh'], stubs: { notify: exits(0) } });
  let of;
  const tell = async (name) => { const run = await shell.call('tell', name); expect(run).toSucceed(); return run; };
  beforeAll(async () => { of = await tell('hook'); });
  it('looks at all', async () => {
    for (const name of ['one', 'two']) {
      const run = await tell(name);
      expect(run).toHaveCalled('notify', name);
      expect(run).toHaveChangedOnly({ ['/told-' + name]: '' });
    }
  });
  it('looks at all of one run and not of another', async () => {
    expect((await tell('one')).effects()).toBeTypeOf('string');
    expect(await tell('two')).toHaveFile('/told-two');
  });
  it('cares for calls alone', async () => {
    const run = await shell.given({ allow: { unasserted: { changes: ['/told-*'] } } }).call('tell', 'one');
    expect(run).toHaveCalled('notify', 'one');
  });
  it('cares for nothing', async () => { await shell.given({ allow: { unasserted: true } }).call('tell', 'one'); });
  it('fails otherwise', async () => { expect(await tell('one')).toExit(1); });
`;

const run = (options: string, more: InlineFiles = {}): Promise<InlineResult> => runInline({
  'lib.sh': 'tell() { notify "$1" && touch "/told-$1"; }\n', 'strict/a.spec.ts': SPEC, 'loose/a.spec.ts': SPEC, ...pluginWith(options), ...more,
});

it('unasserted effects fail the tests of the files that the plugin names, and of no other', async () => {
  const { failures, exitCode } = await run("{ failUnasserted: ['strict/**'] }");
  expect([...failures.keys()].sort()).toEqual([
    'loose/a.spec.ts > fails otherwise',
    'strict/a.spec.ts',
    'strict/a.spec.ts > fails otherwise',
    'strict/a.spec.ts > looks at all of one run and not of another',
  ]);
  expect(exitCode).toBe(1);
  expect(failures.get('strict/a.spec.ts')).toContain("A run did 2 things that no expectation covers.\n\n  .call('tell', 'hook')\n");
  expect(failures.get('strict/a.spec.ts > looks at all of one run and not of another')).toMatch(/^StrictError: A run did something that no expectation covers\.\n\n {2}\.call\('tell', 'two'\)\n\n {2}calls\n {4}notify two {3}at lib\.sh:1 in function tell\n/);
  expect(failures.get('strict/a.spec.ts > fails otherwise')).toMatch(/^Error: expect\(run\)\.toExit/);
});

it('all files may be meant, by which nothing changes where they share a worker', async () => {
  const { failures } = await run('{ failUnasserted: true }', {
    'vitest.config.ts': `
      import { defineConfig, mergeConfig } from 'vitest/config';
      import base from './base.config.js';
      export default mergeConfig(base, defineConfig({ test: { isolate: false, maxWorkers: 1 } }));
    `,
  });
  expect([...failures.keys()].filter((name) => name.startsWith('loose')).sort()).toEqual([
    'loose/a.spec.ts',
    'loose/a.spec.ts > fails otherwise',
    'loose/a.spec.ts > looks at all of one run and not of another',
  ]);
});

describe('the files that are meant', () => {
  it('may be said by a directory, and with exceptions', async () => {
    const { failures } = await run("{ failUnasserted: [import.meta.dirname + '/strict', '*/a.spec.ts', '!./loose/'] }");
    expect([...failures.keys()].filter((name) => !name.includes('otherwise')).sort()).toEqual(['strict/a.spec.ts', 'strict/a.spec.ts > looks at all of one run and not of another']);
  });

  it.each([
    ["['strcit/**']", "failUnasserted: there is no <root>/strcit, so 'strcit/**' matches no spec"],
    ["['strict/**', '*.spec.ts']", "failUnasserted: '*.spec.ts' matches no spec; there is loose/a.spec.ts, from <root>"],
    ["['strict/**', '!**']", "failUnasserted: 'strict/**' matches no spec; there is loose/a.spec.ts, from <root>"],
  ])('cannot be none: %s', async (globs, message) => {
    const { report, exitCode } = await run(`{ failUnasserted: ${globs} }`);
    expect(report).toContain(message);
    expect(report).not.toContain('Tests ');
    expect(exitCode).toBe(1);
  });

  it('may be no spec of the one project that runs', async () => {
    const project = (name: string) => `{ extends: true, test: { name: '${name}', include: ['${name}/**/*.spec.ts'] } }`;
    const config = `
      import { defineConfig, mergeConfig } from 'vitest/config';
      import base from './base.config.js';
      export default mergeConfig(base, defineConfig({ test: { projects: [${project('strict')}, ${project('loose')}] } }));
    `;
    const { failures } = await runInline({ 'lib.sh': 'tell() { notify "$1" && touch "/told-$1"; }\n', 'strict/a.spec.ts': SPEC, 'loose/a.spec.ts': SPEC, ...pluginWith("{ failUnasserted: ['strict'] }"), 'vitest.config.ts': config }, { args: ['--project', 'loose'] });
    expect([...failures.keys()]).toHaveLength(1);
  });
});
