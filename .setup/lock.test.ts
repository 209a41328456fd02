import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { dir as temporaryFolder } from 'tmp-promise';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

const MODULE = fileURLToPath(new URL('lock.mjs', import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder({ unsafeCleanup: true });
});
afterEach(() => folder.cleanup());

describe('the lock of a clone', () => {
  it('lets one set-up work at a time', async () => {
    const results = await Promise.all([1, 2, 3].map(() => holder()));
    expect(results.map((result) => result.exitCode)).toEqual([0, 0, 0]);
    const log = await readFile(join(folder.path, 'log'), 'utf8');
    expect(log).toBe('in\nout\n'.repeat(3));
    expect(results.filter((result) => result.stderr.includes('set-up: waiting for another set-up'))).toHaveLength(2);
  });

  it('of a killed set-up holds nobody up', async () => {
    const { pid } = execa(process.execPath, ['-e', '']);
    await writeFile(join(folder.path, '.set-up.lock'), String(pid));
    await expect.poll(() => lives(pid)).toBe(false);
    let worked = false;
    withLock(folder.path, () => {
      worked = existsSync(join(folder.path, '.set-up.lock'));
    });
    expect(worked).toBe(true);
    expect(existsSync(join(folder.path, '.set-up.lock'))).toBe(false);
  });

  it('is given back when the work fails', () => {
    expect(() => withLock(folder.path, () => { throw new Error('work'); })).toThrow('work');
    expect(existsSync(join(folder.path, '.set-up.lock'))).toBe(false);
  });
});

/** A process that takes the lock and holds it for a while. */
function holder() {
  const code = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(MODULE)};
    withLock('.', () => {
      appendFileSync('log', 'in\\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
      appendFileSync('log', 'out\\n');
    });`;
  return execa(process.execPath, ['--input-type=module', '-e', code], { cwd: folder.path, reject: false });
}

function lives(pid: number | undefined): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}
