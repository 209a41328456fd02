import { chmod, copyFile, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAMS } from './programs.mjs';

const SET_UP = fileURLToPath(new URL('.', import.meta.url));
const PROVIDES = PROGRAMS.map((row) => row.program).join(' ');
const root = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let bin: string;

/** A machine of its own: PATH leads to one folder, with nothing but what these stand-ins need. */
beforeEach(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
  await chmod(folder.path, 0o755);
  await cp(SET_UP, join(folder.path, '.setup'), { recursive: true });
  bin = join(folder.path, 'bin');
  await mkdir(bin);
  await chmod(bin, 0o777);
  for (const program of ['env', 'true']) await symlink(`/usr/bin/${program}`, join(bin, program));
  await stand('apt-get');
});
afterEach(() => folder.cleanup());

describe('missing Debian packages', () => {
  it('are named to a person with the one command that installs them, and nothing is touched', async () => {
    const result = await setUp({}, person);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('set-up: missing: bash (runs the scripts), bwrap (makes the sandbox), newuidmap (');
    expect(result.stderr).toMatch(/^Run this once, then try again:\n\n {2}sudo apt-get update && sudo apt-get install -y bash bubblewrap busybox cpio curl dpkg /m);
    expect(result.stderr).not.toMatch(/shellcheck|rpmbuild/);
    expect(result.stderr.split('\n')).toHaveLength(5);
    expect(await calls()).toEqual([]);
  });

  it('do not concern `npm run specs` if only `npm test` needs them', async () => {
    await provide(PROGRAMS.filter((row) => row.for === 'specs').map((row) => row.program));
    expect((await install(['specs'], {}, person)).exitCode).toBe(0);
    const result = await install(['specs', 'test'], {}, person);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('sudo apt-get install -y openssl rpm shellcheck\n');
  });

  it('are installed by CI through sudo, with fresh lists only if the first try finds none', async () => {
    await stand('sudo');
    const result = await install(['specs'], { CI: 'true', PROVIDES, NO_LISTS: '1' }, person);
    expect(result.stderr).toMatch(/^set-up: installing Debian packages: bash bubblewrap busybox cpio curl [a-z2 -]+$/);
    expect(result.exitCode).toBe(0);
    const words = 'noninteractive apt-get -q -o DPkg::Lock::Timeout=300';
    expect((await calls()).filter((line) => !line.startsWith('sudo'))).toEqual([
      expect.stringMatching(`^${words} install -y --no-install-recommends bash bubblewrap `),
      `${words} update`,
      expect.stringMatching(`^${words} install -y --no-install-recommends bash bubblewrap `),
    ]);
  });

  it('are left to a person where sudo asks for a password', async () => {
    await stand('sudo');
    const result = await install(['specs'], { CI: 'true', PROVIDES, REFUSES: '1' }, person);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('Run this once, then try again:');
    expect(await calls()).toEqual(['sudo -n true']);
  });

  it('that apt-get cannot install end set-up with what apt-get said', async () => {
    await stand('sudo');
    const result = await install(['test'], { CI: 'true', BROKEN: '1' }, person);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('apt-get could not install openssl rpm shellcheck:\nW: Failed to fetch the list\nE: Unable to locate package bubblewrap');
  });

  it('that are installed and yet bring no program are an error, not a success', async () => {
    await stand('sudo');
    const result = await install(['test'], { CI: 'true', PROVIDES: '' }, person);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('installed openssl rpm shellcheck, yet not found in PATH: rpmbuild, openssl, shellcheck');
  });

  it.runIf(root)('are installed by root as it is, in one call where the lists are good', async () => {
    expect((await install(['test'], { PROVIDES }, {})).exitCode).toBe(0);
    expect(await calls()).toEqual(['noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends openssl rpm shellcheck']);
  });
});

it('other systems get the names of the programs, as their packages are called otherwise', async () => {
  await execa`rm ${join(bin, 'apt-get')}`;
  const result = await install(['test'], {}, person);
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('this is no Debian or Ubuntu, so install them by hand: rpmbuild (builds .rpm packages), openssl (keys and certificates of a script in harness/world), shellcheck (lints every .sh)');
});

it('nothing is asked of apt-get when nothing is missing', async () => {
  await provide(PROGRAMS.map((row) => row.program));
  expect(await install(['specs', 'test'], { CI: 'true' }, person)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await calls()).toEqual([]);
});

it('an unknown purpose is an error of the command line', async () => {
  const result = await execa({ reject: false })(process.execPath, [join(folder.path, '.setup/main.mjs'), 'spec']);
  expect(result).toMatchObject({ exitCode: 2, stderr: "set-up: expected one of specs, test, build, got 'spec'" });
});

/** Run by root, a person's case needs another user. */
const person = root ? { uid: 65534, gid: 65534 } : {};

function setUp(env: NodeJS.ProcessEnv, options: object) {
  return execa(process.execPath, [join(folder.path, '.setup/main.mjs'), 'specs'], { ...isolated(env), ...options });
}

/** The step alone, which with all packages there would be followed by node modules and the build. */
function install(purposes: string[], env: NodeJS.ProcessEnv, options: object) {
  const module = JSON.stringify(join(folder.path, '.setup/debian.mjs'));
  const code = `import { installDebianPackages } from ${module}; installDebianPackages(${JSON.stringify(purposes)});`;
  return execa(process.execPath, ['--input-type=module', '-e', code], { ...isolated(env), ...options });
}

function isolated(env: NodeJS.ProcessEnv) {
  return { reject: false, extendEnv: false, env: { PATH: bin, ...env } } as const;
}

async function stand(program: string): Promise<void> {
  await copyFile(join(SET_UP, `testdata/${program}.sh`), join(bin, program));
}

async function provide(programs: string[]): Promise<void> {
  for (const program of programs) await copyFile(join(SET_UP, 'testdata/sudo.sh'), join(bin, program));
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(bin, 'calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
