import { existsSync, openSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type Options } from 'execa';
import { fileSync } from 'tmp-promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built, inlineEnvironment, inlineProject, normalised, VITEST, type InlineProject } from '../vitest/inline-project.js';
import { doctorText } from './doctor.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(REPOSITORY, 'dist/cli/main.js');

beforeAll(built, 120_000);

it('tells what is there, what is limited, and what is missing with the command that mends it', () => {
  expect(doctorText([
    { name: 'Linux', result: 'ok', reason: '6.1' },
    { name: 'bubblewrap', result: 'missing', reason: 'bwrap is not installed', remedy: 'sudo apt-get install -y bubblewrap' },
    { name: 'owners', result: 'limited', reason: 'not real', remedy: 'sudo usermod' },
  ])).toMatchInlineSnapshot(`
    "ok       Linux       6.1
    missing  bubblewrap  bwrap is not installed
                         mend it: sudo apt-get install -y bubblewrap
    limited  owners      not real
                         mend it: sudo usermod

    No sandbox runs on this machine: one thing is missing.
    "
  `);
});

it('finds nothing missing where the harness is tested', async () => {
  const { exitCode, stdout } = await run(['node', MAIN, 'doctor']);
  expect(stdout).toMatch(/^ok +sandbox +started in \d+ ms$/m);
  expect(stdout).toContain('Sandboxes run on this machine.');
  expect(stdout).not.toContain('missing');
  expect(exitCode).toBe(0);
});

describe('S1: where namespaces are forbidden', () => {
  // A namespace in which no further one may be made, as on a machine with that setting; its user is no root.
  const forbidden = (...words: string[]) => ['unshare', '--user', '--map-user', '1000', '--keep-caps', 'sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$@"', 'sh', ...words];

  it('names the setting and the command', async () => {
    const { exitCode, stdout } = await run(forbidden('node', MAIN, 'doctor'));
    expect(stdout).toMatch(/^missing +user namespaces +user\.max_user_namespaces is 0\n +mend it: sudo sysctl -w user\.max_user_namespaces=15000$/m);
    expect(stdout).toContain('No sandbox runs on this machine: one thing is missing.');
    expect(exitCode).toBe(1);
  });

  it.runIf(process.getuid?.() === 0)('names what forbids a process to gain rights (skipped as an ordinary user)', async () => {
    const { exitCode, stdout } = await run(['setpriv', '--no-new-privs', 'node', MAIN, 'doctor']);
    expect(stdout).toMatch(/^missing +sandbox +this process may gain no rights, not even in a sandbox: no_new_privs is set[^]*\n +mend it: start it without: no `--security-opt no-new-privileges`/m);
    expect(exitCode).toBe(1);
  });

  it('names a container that forbids them', async () => {
    const filter = fileSync();
    writeFileSync(filter.name, namespacesForbidden());
    const words = ['bwrap', '--dev-bind', '/', '/', '--seccomp', '3', 'node', MAIN, 'doctor'];
    const { exitCode, stdout } = await run(words, { stdio: ['ignore', 'pipe', 'pipe', openSync(filter.name, 'r') as unknown as 'inherit'] });
    filter.removeCallback();
    expect(stdout).toMatch(/^missing +user namespaces +a seccomp filter forbids them, as containers have by default .*\n +mend it: start the container with --security-opt seccomp=unconfined/m);
    expect(exitCode).toBe(1);
  });

  describe('no example runs', () => {
    let project: InlineProject;
    afterAll(() => project.remove());

    it('and the failure leads to the doctor', async () => {
      project = await inlineProject({});
      const marker = join(project.root, 'ran-outside');
      await writeFile(join(project.root, 'a.spec.ts'), `
        import { it } from 'vitest';
        import { defineShell } from 'shellrig';
        it('touches', async () => { await defineShell().call('touch', '${marker}'); });
      `);
      const { exitCode, all } = await run(forbidden('node', VITEST, 'run'), { cwd: project.root });
      expect(normalised(all ?? '', project.root)).toMatch(/^Error: .*(?:namespace|sandbox)[^]*npx shellrig doctor/m);
      expect(exitCode).toBe(1);
      expect(existsSync(marker)).toBe(false);
    });
  });
});

function run([command = '', ...args]: readonly string[], options: Options = {}) {
  return execa(command, args, { env: inlineEnvironment(), extendEnv: false, reject: false, all: true, ...options }) as Promise<{ exitCode: number; stdout: string; all?: string }>;
}

/**
 * A seccomp filter as containers have it: EPERM for unshare and for clone with CLONE_NEWUSER, ENOSYS for clone3,
 * whose flags a filter cannot see (Docker's default profile does the same).
 */
function namespacesForbidden(): Buffer {
  const [unshare, clone] = process.arch === 'arm64' ? [97, 220] : [272, 56];
  const program = [
    [0x20, 0, 0, 0], // the call's number
    [0x15, 5, 0, unshare],
    [0x15, 5, 0, 435], // clone3
    [0x15, 0, 2, clone],
    [0x20, 0, 0, 16], // its flags
    [0x45, 1, 0, 0x10000000], // CLONE_NEWUSER
    [0x06, 0, 0, 0x7fff0000], // allow
    [0x06, 0, 0, 0x00050001], // EPERM
    [0x06, 0, 0, 0x00050026], // ENOSYS
  ] as const;
  return Buffer.concat(program.map(([code, jumpTrue, jumpFalse, operand]) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(code, 0);
    bytes.writeUInt8(jumpTrue, 2);
    bytes.writeUInt8(jumpFalse, 3);
    bytes.writeUInt32LE(operand, 4);
    return bytes;
  }));
}
