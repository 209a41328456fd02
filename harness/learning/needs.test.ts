import { join } from 'node:path';
import { describe, it } from 'vitest';
import { interpreterOf } from '../sandbox/tools.js';
import { expected, recorded, SCRIPTS, setUp } from './recordings.fixture.js';

const functions = (name: string, args: readonly string[] = [], more = {}) => recorded('functions.sh', name, args, more);

// A recording waits more than it works.
describe.concurrent('what a function needs', () => {
  it('harmless tools work, and are named', async ({ expect }) => {
    const { spec, summary } = await functions('uses_a_tool');
    expect(spec).toMatchInlineSnapshot(`
      "// Recorded by \`shellrig record\`: what it did, which need not be what it should do.
      import { describe, expect, it } from 'vitest';
      import { defineShell } from 'shellrig';
      import functions from './functions.sh';

      const shell = defineShell({ source: [functions], tools: ['jq'] });

      describe('uses_a_tool', () => {
        it('does what it did when it was recorded', async () => {
          const run = await shell.call('uses_a_tool');

          expect(run).toSucceed();
          expect(run).toHaveChangedOnly({});
          expect(run.stdout).toBe('agent\\n');
          expect(run.stderr).toBe('');
        });
      });
      "
    `);
    expect(summary).toMatchInlineSnapshot(`
      "shellrig: recorded: exit code 0, 0 calls, 0 changes
        nothing is to be filled in: read it, and name what it says
        the real jq did its work; a stub in its place would record its calls
      "
    `);
  });

  it('a tool that is a script for what no sandbox has is a stub like others', async ({ expect, skip }) => {
    if (interpreterOf('yq') !== 'python3') return skip('no yq, or one that is no script');
    const { spec, summary } = await functions('asks_yq');
    expect(setUp(spec)).toContain('// yq .b /etc/app.yaml, in asks_yq\n    yq: _');
    expect(summary).not.toContain('the real yq');
  });

  it('other commands are stubs to fill in, with what they were asked', async ({ expect }) => {
    const { spec, summary } = await functions('restarts', ['app']);
    expect(spec).toMatchInlineSnapshot(`
      "// Recorded by \`shellrig record\`: what it did, which need not be what it should do.
      // Each \`_\` is for you to fill in: what the command answers, or what the variable holds.
      import { describe, expect, it } from 'vitest';
      import { _, defineShell } from 'shellrig';
      import functions from './functions.sh';

      const shell = defineShell({
        source: [functions],
        stubs: {
          // systemctl restart app, in restarts, and 1 more
          systemctl: _,
        },
      });

      describe('restarts', () => {
        it('does what it did when it was recorded', async () => {
          const run = await shell.call('restarts', 'app');

          expect(run).toSucceed();
          expect(run).toHaveCalledInOrder([
            ['systemctl', 'restart', 'app'],
            ['systemctl', 'is-active', 'app'],
          ]);
          expect(run).toHaveChangedOnly({});
          expect(run.output).toBe('');
        });
      });
      "
    `);
    expect(summary).toMatchInlineSnapshot(`
      "shellrig: recorded: exit code 0, 2 calls, 0 changes
        to fill in: systemctl
      "
    `);
  });

  it('what a command is known to answer need not be filled in', async ({ expect }) => {
    const { spec } = await functions('restarts', ['app'], { answers: { systemctl: { stdout: 'dead\n', exitCode: 3 }, never: { stdout: '', exitCode: 1 } } });
    expect(setUp(spec)).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [functions],
        stubs: {
          // systemctl restart app, in restarts, and 1 more
          systemctl: returns('dead\\n').exits(3),
          // not called by this run
          never: exits(1),
        },
      });
          const run = await shell.call('restarts', 'app');"
    `);
    expect(expected(spec)).toContain('toExit(4)');
    expect(spec).toContain("import { defineShell, exits, returns } from 'shellrig';");
  });

  it('the network is a command like others', async ({ expect }) => {
    const { spec } = await functions('fetches', ['x.tar']);
    expect(setUp(spec)).toContain('// curl -fsS https://example.com/x.tar, in fetches');
    expect(expected(spec)).toContain("'/tmp/x.tar': file('', { mode: 0o644 })");
  });

  it('a command that runs another does so', async ({ expect }) => {
    const { spec } = await functions('asks_for_rights');
    expect(setUp(spec)).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [functions],
        stubs: {
          // restorecon /srv, in asks_for_rights
          restorecon: _,
          // systemctl restart app, in asks_for_rights
          systemctl: _,
          // Runs what it is given.
          sudo: bash('while [[ \${1-} == -* ]]; do [[ $1 != -[CDRTUghpru] ]] || shift; shift; done; env "$@"'),
        },
      });
          const run = await shell.call('asks_for_rights');"
    `);
    expect(expected(spec)).toMatchInlineSnapshot(`
      "expect(run).toSucceed();
      expect(run).toHaveCalledInOrder([
        ['sudo', '-u', 'app', '-n', 'KEY=1', 'restorecon', '/srv'],
        ['restorecon', '/srv'],
        ['sudo', 'systemctl', 'restart', 'app'],
        ['systemctl', 'restart', 'app'],
      ]);
      expect(run).toHaveChangedOnly({});
      expect(run.output).toBe('');"
    `);
  });

  it('programs that it looked for and did not find are told', async ({ expect }) => {
    expect((await functions('probes')).summary).toContain('looked for, and not there: podman, /usr/sbin/daemonize; --stub NAME has one be there');
    expect((await functions('probes', [], { answers: { podman: { stdout: '', exitCode: 0 } } })).summary).toContain('looked for, and not there: /usr/sbin/daemonize;');
  });

  it('what lies in the working directory is no command of the machine', async ({ expect }) => {
    expect(setUp((await functions('runs_its_own')).spec)).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [functions],
        // Each of these fails a run unless it is meant.
        allow: { commands: ['./configure'] },
      });
          const run = await shell.call('runs_its_own');"
    `);
  });

  it('a function of another file is told, and works once that is sourced', async ({ expect }) => {
    const without = await functions('logs');
    expect(setUp(without.spec)).toContain(String.raw`// log_line 'it'\''s done', in logs: a function of helpers.sh`);
    expect(without.summary).toMatch(/log_line is a function of .*testdata\/helpers\.sh: --source .*testdata\/helpers\.sh has it do its work/);
    const { spec } = await functions('logs', [], { before: [join(SCRIPTS, 'helpers.sh')] });
    expect(spec).toContain("import helpers from './helpers.sh';\nimport functions from './functions.sh';");
    expect(setUp(spec)).toContain('source: [helpers, functions]');
    expect(expected(spec)).toContain(`expect(run.stdout).toBe("log: it's done\\n");`);
  });

  it('unset variables are to fill in: exported where a script wants them while it is sourced', async ({ expect }) => {
    const { spec, summary } = await recorded('strict.sh', 'deploys');
    expect(setUp(spec)).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [strict],
        env: { KIND: _ },
        stubs: {
          // called while the scripts are sourced
          uname_of: _,
        },
      });
          const run = await shell.given({ vars: { TARGET: _, verbose: _, level: _ } }).call('deploys');"
    `);
    expect(summary).toContain('to fill in: uname_of, KIND, TARGET, verbose, level');
    expect(setUp((await recorded('strict.sh', 'deploys', [], { env: { KIND: 'k' }, vars: { TARGET: 't', verbose: '', level: '1' } })).spec)).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [strict],
        env: { KIND: 'k' },
        stubs: {
          // called while the scripts are sourced
          uname_of: _,
        },
      });
          const run = await shell.given({ vars: { TARGET: 't', verbose: '', level: '1' } }).call('deploys');"
    `);
  });

  it('what is silently unset, and files that are not there, are told', async ({ expect }) => {
    const { spec, summary } = await recorded('library.sh', 'places');
    expect(setUp(spec)).toContain('// It read these, which nobody had set: DESTDIR.\n');
    expect(summary.replace(/(which ).*(library\.sh)/, '$1$2')).toMatchInlineSnapshot(`
      "shellrig: recorded: exit code 1 (cat: /usr/share/library/motd: No such file or directory), 0 calls, 0 changes
        nothing is to be filled in: read it, and name what it says
        read, and set nowhere: DESTDIR; --var NAME=VALUE sets one
        /etc/library.conf was not there, which library.sh:3 sources: --file /etc/library.conf=FILE gives it
        /usr/share/library/motd was not there: --file /usr/share/library/motd=FILE gives it
      "
    `);
  });

  it('given files and standard input are written out', async ({ expect }) => {
    const files = { '/etc/old.d/x': join(SCRIPTS, 'helpers.sh'), '/etc/old': undefined, '/etc/large': join(SCRIPTS, 'functions.sh') };
    const { spec } = await functions('reads', [], { stdin: Buffer.from('a\nb\n'), files });
    expect(spec.slice(0, spec.indexOf('\n\n    expect'))).toMatchInlineSnapshot(`
      "// Recorded by \`shellrig record\`: what it did, which need not be what it should do.
      import { describe, expect, it } from 'vitest';
      import { defineShell, directory, fileFrom } from 'shellrig';
      import functions from './functions.sh';

      const shell = defineShell({
        source: [functions],
        files: {
          '/etc/old.d/x': [
            '#!/bin/bash',
            '# What another script would have to source.',
            'log_line() { echo "log: $1"; }',
            '',
          ].join('\\n'),
          '/etc/old': directory(),
          '/etc/large': fileFrom('./functions.sh'),
        },
      });

      describe('reads', () => {
        it('does what it did when it was recorded', async () => {
          const run = await shell.given({
            stdin: [
              'a',
              'b',
              '',
            ].join('\\n'),
          }).call('reads');"
    `);
    expect(expected(spec)).toContain('"> a\n  > b\n  "');
  });

  it('standard input that was read and not given is told', async ({ expect }) => {
    const told = /^ {2}there was nothing on standard input, which \S*functions\.sh:\d+ reads: --stdin FILE gives it$/m;
    expect((await functions('reads')).summary).toMatch(told);
    expect((await functions('reads', [], { stdin: Buffer.from('') })).summary).not.toContain('standard input');
    expect((await functions('pipes_into_a_loop')).summary).not.toContain('standard input');
  });

  it('a folder that is not there is told, and not what cannot be made in it', async ({ expect }) => {
    expect((await functions('fills_a_folder')).summary).toMatch(/^ {2}\/srv\/target\/ was not there: --file \/srv\/target\/ gives it$/m);
  });

  it('what lives on is allowed by name', async ({ expect }) => {
    expect(setUp((await functions('stays')).spec)).toMatchInlineSnapshot(`
      "const shell = defineShell({
        source: [functions],
        // Each of these fails a run unless it is meant.
        allow: { leftovers: ['sleep'] },
      });
          const run = await shell.call('stays');"
    `);
  });
});
