import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';
import { dir } from 'tmp-promise';
import { describe, expect, it } from 'vitest';
import { clockLibrary } from '../sandbox/guard/guard.js';

const source = fileURLToPath(new URL('library/clock.c', import.meta.url));
const build = fileURLToPath(new URL('../sandbox/guard/build.sh', import.meta.url));

/** Whether this machine's compiler and linker are those of the committed files; others make other bytes. */
function isTheCompiler(machine: string): boolean {
  const compiler = execaSync(`${machine}-gcc`, ['-dumpfullversion'], { reject: false }).stdout;
  const linker = execaSync(`${machine}-ld`, ['--version'], { reject: false }).stdout ?? '';
  return compiler === '12.2.0' && linker.split('\n')[0]?.endsWith(' 2.40') === true;
}

describe('the library of the virtual clock', () => {
  for (const [arch, machine] of [['x64', 'x86_64-linux-gnu'], ['arm64', 'aarch64-linux-gnu']] as const) {
    it.skipIf(!isTheCompiler(machine))(`is for ${arch} what build.sh builds (skipped unless Debian 12's ${machine}-gcc is there)`, async () => {
      const out = await dir({ unsafeCleanup: true });
      try {
        await execa('bash', [build, '-c', source, '-o', out.path, arch]);
        const built = await readFile(join(out.path, `clock-${arch}.so`));
        expect(built.equals(await readFile(clockLibrary(arch))), `clock-${arch}.so is not what build.sh -c makes of clock.c: run it and commit what it makes`).toBe(true);
      } finally {
        await out.cleanup();
      }
    });

    it(`needs for ${arch} nothing that glibc 2.17 does not have`, async () => {
      const versions = (await readFile(clockLibrary(arch), 'latin1')).match(/GLIBC_2\.\d+(\.\d+)?/g) ?? [];
      expect(versions.length).toBeGreaterThan(0);
      expect(versions.filter((version) => Number(version.split('.')[1]) > 17)).toEqual([]);
    });
  }
});
