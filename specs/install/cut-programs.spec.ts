import { describe, expect, it } from 'vitest';
import { file, removed } from 'shellrig';
import { binary } from '../../fixtures/packages/index.js';
import { lesson } from '../support/lesson.js';
import { ubuntu } from '../support/ubuntu.js';

const whole = binary('kubelet', '1.34.4');
const install = (content: Uint8Array) => ubuntu.given({ files: { '/opt/bin/kubelet-1.34.4': file(content) } }).call('fallbackToKubeBinaryInstall', 'kubelet', '1.34.4');

/** Where 64-bit ELF headers hold the length of the first segment's data (elf.h: Elf64_Phdr.p_filesz behind the file's own 64 bytes). */
const SEGMENT_LENGTH = 64 + 32;
/** Where they hold the places of the two tables (Elf64_Ehdr.e_phoff and e_shoff). */
const SEGMENT_TABLE = 32;
const SECTION_TABLE = 40;

describe('an ELF program that the image carries', () => {
  it('is installed when it is whole', async () => {
    const run = await install(whole);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/opt/bin/kubelet': file(whole, { mode: 0o755 }), '/opt/bin/kubelet-1.34.4': removed });
  });

  it.each([
    ['in the middle of its header', 20],
    ['just before the end of its header', 63],
    ['behind its header', 64],
    ['in the table of its segments', 100],
    ['in its code', 136],
    ['in the table of its sections', 250],
    ['a byte before its end', whole.length - 1],
  ])('is not installed when it ends %s (%i bytes)', lesson('B9', 'C4'), async (_, length) => {
    const run = await install(whole.subarray(0, length));

    expect(run).toExit(1);
    expect(run).toPrint(/kubelet-1\.34\.4 is not .*cut/);
    expect(run).not.toHaveChanged();
  });

  it.each([
    ['a segment should go on behind its end', SEGMENT_LENGTH, 1_000_000n],
    ['a segment is longer than bash can count', SEGMENT_LENGTH, 2n ** 64n - 1n],
    ['a segment ends where bash can no longer count', SEGMENT_LENGTH, 2n ** 63n - 1n],
    ['its segments should be listed behind its end', SEGMENT_TABLE, 1_000_000n],
    ['its segments are listed where bash can no longer count', SEGMENT_TABLE, 2n ** 63n - 1n],
    ['its sections are listed farther than bash can count', SECTION_TABLE, 2n ** 64n - 4096n],
  ])('is not installed when %s', lesson('B9'), async (_, at, value) => {
    const longer = Buffer.from(whole);
    longer.writeBigUInt64LE(value, at);
    const run = await install(longer);

    expect(run).toExit(1);
    expect(run).toPrint(/kubelet-1\.34\.4 is not .*cut/);
    expect(run.stderr).toBe('');
    expect(run).not.toHaveChanged();
  });

  it('is not installed when it is for another architecture', async () => {
    const other = Buffer.from(whole);
    // e_machine: 183 is AArch64, 62 x86-64.
    other.writeUInt16LE(whole.readUInt16LE(18) === 62 ? 183 : 62, 18);
    const run = await install(other);

    expect(run).toExit(1);
    expect(run).toPrint(/kubelet-1\.34\.4 is not .*architecture/);
  });
});
