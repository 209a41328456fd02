import { appendFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterEach, describe, expect, it } from 'vitest';
import { filesOf, inlineEnvironment, inlineProject, normalised, runInline, VITEST, type InlineFiles, type InlineProject } from './inline-project.js';

const SCRIPTS = await filesOf(new URL('testdata/scripts/', import.meta.url));

/** The project's own configuration with something added. */
function withConfig(more: string): InlineFiles {
  return {
    'vitest.config.ts': `
      import { defineConfig, mergeConfig } from 'vitest/config';
      import base from './base.config.js';
      export default mergeConfig(base, defineConfig({ ${more} }));
    `,
  };
}

describe('imported scripts', () => {
  it('are the paths as their importer names them, by set and by file', async () => {
    const { report, exitCode } = await runInline(SCRIPTS);
    expect(report).toMatchInlineSnapshot(`
      "RUN

       ✓ main.spec.ts (1 test)
       ✓ alone.spec.ts (1 test)

       Test Files  2 passed (2)
            Tests  2 passed (2)"
    `);
    expect(exitCode).toBe(0);
  });

  it('can lie in a package', async () => {
    const { report } = await runInline({
      'node_modules/scripts/package.json': '{ "name": "scripts", "version": "1.0.0" }',
      'node_modules/scripts/alone.bash': SCRIPTS['scripts/alone.bash'] as URL,
      'alone.spec.ts': `
        import { expect, it } from 'vitest';
        import { defineShell } from 'shellrig';
        import alone from 'scripts/alone.bash';
        it('runs', async () => { expect(await defineShell({ source: [alone] }).call('alone')).toPrint('alone'); });
      `,
    });
    expect(report).toContain('Tests  1 passed (1)');
  });
});

describe('what vitest is told', () => {
  it('works where files share a worker', async () => {
    const { report } = await runInline({ ...SCRIPTS, ...withConfig('test: { isolate: false, maxWorkers: 1 }') });
    expect(report).toContain('Tests  2 passed (2)');
  });

  it('lets files share a shell and each name scripts beside itself', async () => {
    const spec = (name: string) => `
      import { expect, it } from 'vitest';
      import { shell } from '../shared.js';
      it('runs', async () => {
        expect(await shell.with({ source: ['./own.sh'] }).call('own')).toPrint('${name}');
        expect(await shell.exec('./own.sh')).toPrint('run');
        expect(await shell.given({ vars: {} }).source('./own.sh')).toPrint('run');
      });
    `;
    const script = (name: string) => `own() { echo ${name}; }\n[[ -z $own_run ]] || exit 3\necho run\n`;
    const { report } = await runInline({
      'shared.ts': "import { defineShell } from 'shellrig';\nexport const shell = defineShell();\n",
      'a/a.spec.ts': spec('of a'), 'a/own.sh': script('of a'), 'b/b.spec.ts': spec('of b'), 'b/own.sh': script('of b'),
      ...withConfig('test: { isolate: false, maxWorkers: 1 }'),
    });
    expect(report).toContain('Tests  2 passed (2)');
  });

  it('refuses a pool of threads', async () => {
    const { report, exitCode } = await runInline(SCRIPTS, { args: ['--pool', 'threads'] });
    expect(report.split('\n').slice(1).join('\n')).toBe(`[shellrig: shellrig needs vitest's pool 'forks', not 'threads': a sandbox ends with the process that started it, never with a thread. Remove \`pool\` from the configuration, or --pool from the command line.]`);
    expect(exitCode).toBe(1);
  });

  it('tells a run in a snapshot by its effects', async () => {
    const { report } = await runInline({
      ...SCRIPTS,
      'alone.spec.ts': `
        import { expect, it } from 'vitest';
        import { defineShell } from 'shellrig';
        import alone from './scripts/alone.bash';
        it('prints', async () => {
          const run = await defineShell({ source: [alone] }).call('alone');
          expect(run).toSucceed();
          expect({ run }).toMatchInlineSnapshot(\`
            {
              "run": exit 0
            prints
              stdout 1 line,
            }
          \`);
        });
      `,
    }, { args: ['alone'] });
    expect(report).toContain('Tests  1 passed (1)');
  });
});

describe('script sets', () => {
  it('are used from elsewhere under the names that they have', async () => {
    const { path, cleanup } = await temporaryFolder({ unsafeCleanup: true });
    await mkdir(join(path, 'lib'));
    await cp(SCRIPTS['scripts/main.sh'] as URL, join(path, 'main.sh'));
    await writeFile(join(path, 'lib/words.sh'), 'greeting() { echo hallo; }\n');
    const { failures } = await runInline(SCRIPTS, { args: ['main'], env: { SHELLRIG_SCRIPTS: JSON.stringify({ scripts: path }) } });
    await cleanup();
    // The path that a spec sees stays the same; what runs is the copy.
    expect(failures.get('main.spec.ts > says hello')).toMatch(/^Error: expect\(run\).toPrint\("hello, you"\)[^]*\nstdout:\n {2}hallo, you\n/);
  });

  it('are refused when they do not exist', async () => {
    const { report, exitCode } = await runInline(SCRIPTS, { env: { SHELLRIG_SCRIPTS: '{ "scirpts": "." }' } });
    expect(report).toContain("there is no script set 'scirpts'. Did you mean 'scripts'?");
    expect(exitCode).toBe(1);
  });
});

describe('specs that a change concerns', () => {
  let project: InlineProject;
  afterEach(() => project.remove());

  it.each([
    ['scripts/main.sh', ['main.spec.ts']],
    ['scripts/lib/words.sh', ['main.spec.ts']],
    ['scripts/alone.bash', ['alone.spec.ts']],
  ])('are found for %s by --changed', async (script, specs) => {
    project = await inlineProject({ ...SCRIPTS, '.gitignore': 'node_modules' });
    const git = (...args: string[]) => execa('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: project.root });
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-q', '-m', 'x');
    await appendFile(join(project.root, script), '# changed\n');
    const { all } = await execa('node', [VITEST, 'list', '--filesOnly', '--changed'], { cwd: project.root, env: inlineEnvironment(), extendEnv: false, reject: false, all: true });
    expect(normalised(all, project.root).split('\n')).toEqual(specs);
  });
});
