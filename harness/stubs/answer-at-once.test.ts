import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineShell, exits, fails, file, handle, real, returns, writes, type Run, type Stub } from 'shellrig';
import { describe, expect, it } from 'vitest';
import { owners } from '../sandbox/owners.js';

const SCRIPT = fileURLToPath(new URL('testdata/moods.sh', import.meta.url));
const CALLERS = [...readFileSync(SCRIPT, 'utf8').matchAll(/^(\w+)\(\) \{$/gm)].map(([, name]) => name as string)
  // Without a range of ids there is no other user.
  .filter((name) => name !== 'as_another_user' || owners().kind === 'range');

/** What guard.c does not answer at once, though it is the same answer: it has to wait. */
const inBash = <Any extends Stub>(stub: Any) => stub.takes('0.001s') as Any;

/** What `backend` is where a stub lets it work. */
const PROGRAM = '#!/bin/bash\nprintf "%s|" "${0##*/}" "$@"\n[[ ! -e /proc/self/fd/0 ]] || cat\necho err >&2\nexit 7\n';

describe('T2: an answer that guard.c gives at once is the one that bash would give', () => {
  const files = { '/usr/bin/backend': file(PROGRAM, { mode: 0o755 }) };
  const written = () => writes({ '/tmp/of-the-stub': file('written\n', { mode: 0o604 }) }).returns('out\n').exits(3);
  const answers: [text: string, stub: Stub, other?: Stub][] = [
    ['nothing', exits(0)],
    ['an exit code, both streams, quotes and line ends', exits(255).returns("it's\n'quoted'\n\n").complains('$HOME `id` \\')],
    ['bytes that are no text', returns(Buffer.from([0xff, 0x27, 0x5c, 0x0a, 0x80]))],
    ['more than a pipe holds', returns(`${'x'.repeat(99)}\n`.repeat(2000))],
    ['files', written()],
    ['what the real program does', real()],
    ['what the host says', handle(() => written()), handle(() => inBash(written()))],
    ['what the host says after it has written', handle(async ({ write }) => { await write({ '/tmp/of-the-host': 'x' }); return written(); }), handle(async ({ write }) => { await write({ '/tmp/of-the-host': 'x' }); return inBash(written()); })],
    ['what the real program does because the host says so', fails({ times: 0 }).then(real()), handle(() => inBash(real()))],
  ];

  describe.each(answers)('%s', (_, stub, alike) => {
    const shell = defineShell({ source: [SCRIPT], files, stubs: { backend: stub } });
    const other = shell.with({ stubs: { backend: alike ?? inBash(stub) } });

    it.each(CALLERS)('%s', async (caller) => {
      expect(seen(await shell.call(caller))).toEqual(seen(await other.call(caller)));
    });
  });

  it.each(['HUP', 'TERM', 'USR1'])('SIG%s ends the real program with its stub, and the code is the same', async (signal) => {
    // It waits without a pause, so that a virtual clock would stand.
    const shell = defineShell({ clock: 'real', files: { '/usr/bin/backend': file('#!/bin/bash\ntrap "echo told; exit 9" HUP USR1\n: >/tmp/ready\nwhile :; do sleep .01; done\n', { mode: 0o755 }) } });
    const told = `env backend & until [[ -e /tmp/ready ]]; do :; done; kill -${signal} "$!"; wait "$!"; echo "code $?"`;
    const runs = [await shell.given({ stubs: { backend: real() } }).call('eval', told), await shell.given({ stubs: { backend: inBash(real()) } }).call('eval', told)] as const;
    expect(seen(runs[0])).toEqual(seen(runs[1]));
    expect(runs[0].stdout).toMatch(/code [1-9]/);
  });

  it('a program that only bash can read is left to it', async () => {
    const shell = defineShell({ files: { '/usr/bin/backend': file('echo "read by bash: $1"\n', { mode: 0o755 }) }, stubs: { backend: real() } });
    expect(await shell.call('backend', 'x')).toPrint('read by bash: x\n');
  });

  it('given by an example, and under an absolute path', async () => {
    const shell = defineShell({ stubs: { backend: exits(1), '/opt/tool': returns('tool\n') } });
    const run = await shell.given({ stubs: { backend: returns('given\n') } }).call('eval', 'backend; /opt/tool');
    expect(run).toSucceed();
    expect(run.stdout).toBe('given\ntool\n');
    expect(run.allCalls).toMatchObject([{ name: 'backend', exitCode: 0 }, { name: '/opt/tool', exitCode: 0 }]);
  });
});

/** What a run shows but for process ids and times. */
function seen({ record, exitCode: code }: Run) {
  return {
    code, changes: [...record.changes.keys()].filter((path) => path !== '/tmp/pipe'), written: record.after.get('/tmp/of-the-stub'), stdout: record.stdout, stderr: record.stderr, background: record.background.length,
    calls: record.calls.map(({ name, rawArgs, cwd, exitCode, site, isFunction, start, end }) =>
      ({ name, rawArgs, cwd, exitCode, line: site?.line, isFunction, isTimed: end !== undefined && end >= start })),
  };
}
