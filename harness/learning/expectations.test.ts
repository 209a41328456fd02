import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { owners } from '../sandbox/owners.js';
import { expected, recorded, SCRIPTS, setUp } from './recordings.fixture.js';

const functions = (name: string, args: readonly string[] = [], more = {}) => recorded('functions.sh', name, args, more);

describe.concurrent('what a function does', () => {
  it('changes of the tree', async ({ expect }) => {
    expect(expected((await functions('writes')).spec)).toMatchInlineSnapshot(`
      "expect(run).toSucceed();
      expect(run).toHaveChangedOnly({
        '/etc/app.conf': file([
          'one',
          'two',
          'three',
          '',
        ].join('\\n'), { mode: 0o644 }),
        '/etc/app.link': symlink('app.conf'),
        '/opt/app/bin/run': file('', { mode: 0o750 }),
        '/var/lib/app': directory({ mode: 0o700 }),
        '/var/lib/app/zeros': file(undefined /* 9 bytes */, { mode: 0o644 }),
      });
      expect(run.output).toBe('');"
    `);
  });

  it('owners, where the machine has real ones', async ({ expect }) => {
    const { text } = await functions('writes');
    expect(text).toContain(`'/var/lib/app': directory({ mode: 0o700${owners().kind === 'range' ? ", owner: 'root:root'" : ''} })`);
  });

  it('removals, without what lay below', async ({ expect }) => {
    const { spec } = await functions('removes', [], { files: { '/etc/old.d/x': join(SCRIPTS, 'helpers.sh'), '/etc/old': join(SCRIPTS, 'helpers.sh') } });
    expect(expected(spec)).toContain("expect(run).toHaveChangedOnly({ '/etc/old': removed, '/etc/old.d': removed });");
  });

  it('its exit code, also by `exit`', async ({ expect }) => {
    expect(expected((await functions('leaves')).spec)).toContain('expect(run).toExit(7);');
  });

  it('what differs from run to run is a pattern or left out', async ({ expect }) => {
    expect(expected((await functions('differs')).spec)).toMatchInlineSnapshot(`
      "expect(run).toSucceed();
      expect(run).toHaveCalled('notify', '--at', /^\\d+$/, /^\\/tmp\\/tmp\\.[A-Za-z0-9]+$/);
      expect(run).toHaveChanged({
        '/run/now': file(/^\\d+\\n$/, { mode: 0o644 }),
        '/run/place': file(/^\\d+ in \\/tmp\\/tmp\\.[A-Za-z0-9]+\\n$/, { mode: 0o644 }),
      });
      // It also changed what has another name in every run, so \`toHaveChangedOnly\` cannot list it:
      //   /tmp/tmp.XXXXXXXXXX/ 0700 root:root
      //   /tmp/tmp.XXXXXXXXXX/at 0644 root:root 20 B
      expect(run.stdout).toMatch(/^\\d+ in \\/tmp\\/tmp\\.[A-Za-z0-9]+\\n$/);
      expect(run.stderr).toBe('');"
    `);
  });

  it('where shellrig itself keeps programs and scripts is a pattern', async ({ expect }) => {
    const { spec } = await functions('copies_a_program');
    expect(spec).not.toContain('/run/shellrig');
    expect(spec).toContain('    // notify …/sort, in copies_a_program\n');
    expect(expected(spec)).toContain(String.raw`
      expect(run).toHaveCalled('notify', /^\S*\/sort$/);
      expect(run).toHaveChanged({ '/srv/image/usr/bin/sort': symlink(/^\S*\/sort$/) });
      `.replace(/^ +/gm, '').trim());
    expect(expected(spec)).toContain(String.raw`expect(run.stdout).toMatch(/^copied \S*\/sort from \S*\/functions\.sh\n$/);`);
  });

  it('what tells of this machine is a pattern, and told', async ({ expect }) => {
    const { spec, summary } = await functions('reads_of_the_machine');
    expect(expected(spec)).toContain("toHaveChangedOnly({ '/etc/jobs': file(/^-j\\d+\\n$/, { mode: 0o644 }) })");
    expect(expected(spec)).toMatch(/^expect\(run\.stdout\)\.toMatch\(\/\^\\d\+MiB\\n\.\+\\ntmpfs +\\d\+ .*% \\\/\\nfor \\w\+\\n\$\/\);$/m);
    expect(setUp(spec)).toContain('    // It read these of the machine or the moment, and what it made of them may be other elsewhere: nproc, df, uname, /proc/meminfo, /proc/version.\n');
    expect(summary).toContain('read of this machine or this moment: nproc, df, uname, /proc/meminfo, /proc/version; what it made of them may be other elsewhere: --stub nproc=TEXT says what is answered\n');
  });

  it('what tells of this moment is a pattern, also where both runs read the same', async ({ expect }) => {
    const { spec } = await functions('tells_the_moment');
    expect(expected(spec)).toContain("toHaveChangedOnly({ '/etc/year': file(/^\\d+\\n$/, { mode: 0o644 }) })");
    expect(expected(spec)).toContain(String.raw`expect(run.stdout).toMatch(/^\d+ hours, \d+ mins, load \d+\.\d+ \d+\.\d+ \d+\.\d+\n[A-Za-z]+ +\d+\n\d+\.\d+\.\n$/);`);
  });

  it('shell variables', async ({ expect }) => {
    expect(expected((await functions('sets')).spec)).toMatchInlineSnapshot(`
      "expect(run).toSucceed();
      expect(run).toHaveChangedOnly({});
      expect(run.variable('GONE')).toBeUndefined();
      expect(run.variable('OPT_A')).toBe('1');
      expect(run.variable('PARTS')).toEqual(['one', 'two "2"']);
      expect(run.variable('SIZES')).toEqual({ small: '1' });
      expect(run.variable('STATE')).toBe('ready');
      expect(run.variable('YY')).toBe('hello');
      // It also set: i.
      expect(run.output).toBe('');"
    `);
  });

  it('what it prints', async ({ expect }) => {
    expect(expected((await functions('prints')).spec)).toMatchInlineSnapshot(`
      "expect(run).toSucceed();
      expect(run).toHaveChangedOnly({});
      expect(run.stdout).toMatchInlineSnapshot(\`
        "first \\\`line\\\`

          third \\\${x} \\\\
        "
      \`);
      expect(run.stderr).toBe("it's wrong\\n");"
    `);
    expect(expected((await functions('prints_much')).spec)).toMatchInlineSnapshot(`
      "expect(run).toSucceed();
      expect(run).toHaveChangedOnly({});
      // It printed 100 lines on stdout, this among it.
      expect(run).toPrint('1', { on: 'stdout' });
      expect(run.stderr).toBe('');"
    `);
  });

  it('of very many changes, and of a very long line, only so much', async ({ expect }) => {
    const changes = expected((await functions('unpacks_much')).spec);
    expect(changes.match(/^ {2}'\/srv/gm)).toHaveLength(60);
    expect(changes).toContain('\n// It changed more than a person reads:\n//   … and 10 more that have the same names in every run\n');
    expect(expected((await functions('says_much')).spec)).toContain('\n// It printed a long line on stdout.\n');
  });

  it.each([['starts_at_once', ["'notify', 'one'", "'notify', 'three'", "'notify', 'two'"]], ['pipes', ["'consumer', noArguments", "'producer', noArguments"]]])('calls of processes beside each other have no order: %s', async (name, calls) => {
    const { spec } = await functions(name);
    expect(expected(spec)).toContain(`\n// These calls have no order that every run keeps.\n${calls.map((words) => `expect(run).toHaveCalled(${words});\n`).join('')}`);
    expect(spec).not.toContain('InOrder');
  });

  it.each(['starts_one_job', 'pipes_into_a_loop'])('calls of one process have an order: %s', async (name) => {
    expect(expected((await functions(name)).spec)).toContain('toHaveCalledInOrder');
  });

  it('many calls are counted', async ({ expect }) => {
    expect(expected((await functions('calls_often')).spec)).toContain("expect(run).toHaveCalledTimes('notify', 40);");
  });
});

it('is told of the same script twice in the same words', async () => {
  const [one, other] = await Promise.all([functions('differs'), functions('differs')]);
  expect(other).toEqual(one);
});
