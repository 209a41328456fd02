import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inlineEnvironment, inlineProject, VITEST, type InlineProject } from '../vitest/inline-project.js';

const isRoot = process.getuid?.() === 0;
const CONTAINER = fileURLToPath(new URL('testdata/as-container-root.sh', import.meta.url));

/** Runs a spec that prints what a sandbox is, on a machine that a command makes. */
const SPEC = `
  import { it } from 'vitest';
  import { defineShell } from 'shellrig';
  it('runs in a sandbox', async () => {
    const run = await defineShell({}).call('eval', 'cat /proc/self/uid_map; touch ' + process.env.TRACE + '; chown 1:1 /opt && stat -c %u:%g /opt');
    console.log('RAN', run.exitCode, run.stdout.trim().split(/\\s+/).join(' '), run.record.context.ownersAreReal, run.record.context.ownersAdvice);
  });
`;
/** A checkout in root's own directory is closed to the other users that these machines are for. */
const isReadable = !isRoot || execaSync('setpriv', ['--reuid', '4242', '--regid', '4242', '--clear-groups', 'test', '-r', VITEST], { reject: false }).exitCode === 0;

let project: InlineProject;
let traces: string;

beforeAll(async () => {
  project = await inlineProject({ 'a.test.ts': SPEC });
  traces = await mkdtemp(join(tmpdir(), 'shellrig-traces-'));
  // Whoever the machine makes of us reads and writes here.
  for (const folder of [project.root, traces, join(project.root, 'node_modules')]) await chmod(folder, 0o777);
});

afterAll(async () => {
  await project.remove();
  await rm(traces, { recursive: true });
});

async function on(...machine: readonly string[]): Promise<{ printed: string; exitCode: number | undefined }> {
  const command = [...machine, process.execPath, VITEST, 'run', '--configLoader', 'runner'];
  const { all, exitCode } = await execa('env', command, { cwd: project.root, env: inlineEnvironment({ TRACE: join(traces, 'unsandboxed') }), extendEnv: false, reject: false, all: true, stdin: 'ignore' });
  return { printed: all, exitCode };
}

describe.runIf(isReadable)('S1: where namespaces are forbidden nothing runs, and the reason is said', () => {
  const forbid = ['sh', '-c', 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"', 'forbid'];

  it('for an ordinary user', async () => {
    const machine = isRoot ? ['setpriv', '--reuid', '4242', '--regid', '4242', '--clear-groups'] : [];
    const { printed, exitCode } = await on(...machine, 'unshare', '--user', '--map-current-user', '--keep-caps', ...forbid);
    expect(printed).toMatch(/Error: a sandbox cannot be made on this machine: unshare: unshare failed: .*\nRun `npx shellrig doctor` for the reason and the remedy\./);
    expect(exitCode).toBe(1);
    expect(await readdir(traces)).toEqual([]);
  });

  it.runIf(isRoot)('for root (skipped as an ordinary user)', async () => {
    const { printed, exitCode } = await on(CONTAINER, '65536', ...forbid);
    expect(printed).toMatch(/Error: a sandbox cannot be made on this machine: unshare: unshare failed: .*\nRun `npx shellrig doctor` for the reason and the remedy\./);
    expect(exitCode).toBe(1);
    expect(await readdir(traces)).toEqual([]);
  });
});

describe.runIf(isRoot && isReadable)('S1: root of a container is not root of its sandboxes (skipped as an ordinary user)', () => {
  it('which have 65,535 ids behind the container\'s own root', async () => {
    const { printed } = await on(CONTAINER, '65536');
    expect(printed).toContain('RAN 0 0 1 65535 1:1 true');
  });

  it('nor where the container has too few ids, and owners are not real', async () => {
    const { printed } = await on(CONTAINER, '1000');
    expect(printed).toContain('RAN 0 0 999 1 0:0 false this container has too few ids: start it without a user namespace of its own, or with 65,536 ids');
  });

  it('nor where the container has no other id: then there is no sandbox', async () => {
    const { printed, exitCode } = await on(CONTAINER, '1');
    expect(printed).toContain('Error: this container\'s root is the only user that it has, and root of a sandbox is never root outside: run as an ordinary user of the machine, or give the container more ids');
    expect(exitCode).toBe(1);
  });
});
