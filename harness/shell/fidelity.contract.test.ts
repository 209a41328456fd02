import { closeSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { defineShell } from 'shellrig';
import { dirSync } from 'tmp-promise';
import { describe, expect, it } from 'vitest';

/**
 * R2: a script behaves in a run as it does under plain bash. Each script of `testdata/fidelity` defines `main`; plain
 * `bash FILE`, outside any sandbox, executes it with a last line that calls `main`, and so does `.exec()`; `.call()`
 * sources the file and calls `main`, in a fork and in a fresh process. Output, errors and exit code are the same byte
 * for byte.
 *
 * Known differences, none of which a script notices that does not look for it:
 * - A `.call()`: the outermost frame (last line of `caller`, last of BASH_SOURCE and BASH_LINENO, LINENO in an ERR trap
 *   that fires for the call itself) is a line of shellrig's and not of the script: {@link OUTERMOST}.
 * - In a fork `$$` is that of another process; a call that reaches `$$`, `$PPID`, job control or its process group
 *   gets a fresh process by itself (R3). `$!` is that of the run before until the script starts a job.
 * - What a script does to standard input, output and error while it is sourced ends there: each run has its own.
 * - `$-` holds T and `set -o` shows functrace, and `set`, `declare -p` and `declare -F` list names that begin with _rig.
 * - `builtin trap` and `command trap` show shellrig's DEBUG trap and may replace it; so does `trap` in POSIX mode.
 * - `wait -n` no longer offers a job that was waited for by its process id.
 * - The first line of a trace that is switched on before it is diverted through a BASH_XTRACEFD that is exported or
 *   assigned by anything but a plain assignment may be followed by lines of shellrig's.
 */
describe('R2: fidelity to plain bash', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.sh')))('%s', async (name) => {
    const text = `${readFileSync(FOLDER + name, 'utf8')}${LAST_LINE}`;
    const plain = await underPlainBash(name, text);
    const executed = `/srv/fidelity/${name}`;
    const exec = await defineShell({ files: { [executed]: text }, allow: ALLOWED }).given({ stdin: STDIN }).exec(executed, ...ARGUMENTS);
    expect.soft(seen(exec, '/srv/fidelity/', name), '.exec()').toEqual(plain);
    const shell = defineShell({ source: [FOLDER + name], allow: ALLOWED });
    const outermost = OUTERMOST.get(name) ?? ((printed: string) => printed);
    const expected = { ...plain, stdout: outermost(plain.stdout, LAST(text)), stderr: outermost(plain.stderr, LAST(text)) };
    for (const process of ['fork', 'fresh'] as const) {
      // Where a fork cannot be the same, shellrig chooses.
      const given = FRESH_BY_ITSELF.has(name) ? {} : { process };
      const call = seen(await shell.given({ stdin: STDIN, ...given }).call('main', ...ARGUMENTS), SOURCED, name);
      const line = LAST(readFileSync(new URL(`bash/${process === 'fork' && !FRESH_BY_ITSELF.has(name) ? 'server' : 'fresh'}.sh`, import.meta.url), 'utf8'));
      expect.soft({ ...call, stdout: outermost(call.stdout, line), stderr: outermost(call.stderr, line) }, `.call() in a ${process}`).toEqual(expected);
    }
  });

  it('a script that is sourced by a run meets the same shell as one that is called into', async () => {
    const shell = defineShell({ source: [`${FOLDER}errexit-ends-a-function.sh`] });
    const run = await shell.given({ files: { '/srv/more.sh': 'echo "$0" | grep -c errexit; echo "$# $1"; main' } }).source('/srv/more.sh', 'a b');
    expect(run).toExit(1);
    expect(run).toPrint('1\n1 a b\ninner begins\n');
  });
});

const FOLDER = fileURLToPath(new URL('testdata/fidelity/', import.meta.url));
const SOURCED = '/run/shellrig/scripts/fidelity/';
const LAST_LINE = 'main "$@"\n';
const STDIN = 'one\ntwo\nthree\nfour\nfive';
const ARGUMENTS = ['a', 'b c'];
const ALLOWED = { commands: true, shellErrors: true, leftovers: true } as const;
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', TZ: 'UTC' };

const FRESH_BY_ITSELF: ReadonlySet<string> = new Set(['identity.sh', 'own-process-group.sh']);

/** The line that calls `main`, in a script and in shellrig's own. */
function LAST(text: string): number {
  return text.split('\n').findIndex((line) => /^ *(main "\$@"|"\$\{_rig_command\[@\]\}")$/.test(line)) + 1;
}

/** How the outermost frame is made the same in what these scripts print. */
const OUTERMOST: ReadonlyMap<string, (printed: string, line: number) => string> = new Map([
  ['call-stack.sh', (printed: string, line: number) => printed.replaceAll(`main call-stack.sh ${line}\n`, 'main call-stack.sh OUTERMOST\n')],
  ['err-trap.sh', (printed: string, line: number) => printed.replace(new RegExp(`^${line} main \\S+`, 'm'), 'OUTERMOST')],
  ['err-trap-without-errtrace.sh', (printed: string) => printed.replace(/at \d+\n$/, 'at OUTERMOST\n')],
  ['xtrace-at-file-level.sh', (printed: string, line: number) => printed.replace(`+:${line}: main`, '+:OUTERMOST: main')],
]);

interface Seen {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function underPlainBash(name: string, text: string): Promise<Seen> {
  const directory = dirSync({ unsafeCleanup: true });
  try {
    writeFileSync(`${directory.name}/${name}`, text);
    // A file: where input is a socket, as node's pipes are, bash takes itself for started by rshd and reads .bashrc.
    writeFileSync(`${directory.name}/stdin`, STDIN);
    const input = openSync(`${directory.name}/stdin`, 'r');
    const { exitCode, signal, stdout, stderr } = await execa('bash', [`${directory.name}/${name}`, ...ARGUMENTS], {
      stdin: input as unknown as 'inherit', env: ENVIRONMENT, extendEnv: false, cwd: '/', reject: false, detached: true, stripFinalNewline: false, encoding: 'buffer', timeout: 20_000,
    });
    closeSync(input);
    const code = signal ? 128 + constants.signals[signal as 'SIGTERM'] : (exitCode ?? -1);
    return seen({ exitCode: code, record: { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr) } }, `${directory.name}/`, basename(name));
  } finally {
    directory.removeCallback();
  }
}

/** What must be the same: without what differs between any two executions (directories, names of mktemp, process ids). */
function seen({ exitCode, record }: { exitCode: number; record: { stdout: Buffer; stderr: Buffer } }, directory: string, name: string): Seen {
  const same = (bytes: Buffer) => bytes.toString('latin1')
    .replaceAll(directory, '<folder>/')
    .replaceAll(/\/run\/shellrig\/bash\/(server|fresh)\.sh/g, `<folder>/${name}`)
    .replaceAll(/\/tmp\/tmp\.\w+/g, '<temporary>')
    .replaceAll(/(line \d+): +\d+ /g, '$1: <pid> ');
  return { exitCode, stdout: same(record.stdout), stderr: same(record.stderr) };
}
