/**
 * A seccomp filter under which chown, fchown, lchown and fchownat succeed without effect: for sandboxes in which
 * only one id is mapped, where the kernel would answer EINVAL and the script would look at fault.
 * Classic BPF, linux/filter.h; numbers from the kernel's syscall tables (x86-64: asm/unistd_64.h, arm64: asm-generic/unistd.h).
 * @throws Error on other architectures.
 */
export function chownSucceeds(arch: string = process.arch): Buffer {
  const table = TABLES[arch];
  if (!table) throw new Error(`shellrig runs on x86-64 and arm64, not on ${arch}`);
  const { audit, calls } = table;
  const program = [
    instruction(LOAD, 0, 0, ARCHITECTURE_OFFSET),
    instruction(JUMP_EQUAL, 0, calls.length + 1, audit),
    instruction(LOAD, 0, 0, NUMBER_OFFSET),
    ...calls.map((number, index) => instruction(JUMP_EQUAL, calls.length - index, 0, number)),
    instruction(RETURN, 0, 0, ALLOW),
    instruction(RETURN, 0, 0, ERRNO_ZERO),
  ];
  return Buffer.concat(program);
}

const TABLES: Readonly<Record<string, { audit: number; calls: readonly number[] } | undefined>> = {
  x64: { audit: 0xc000003e, calls: [92, 93, 94, 260] },
  arm64: { audit: 0xc00000b7, calls: [54, 55] },
};
const LOAD = 0x20;
const JUMP_EQUAL = 0x15;
const RETURN = 0x06;
const NUMBER_OFFSET = 0;
const ARCHITECTURE_OFFSET = 4;
const ALLOW = 0x7fff0000;
const ERRNO_ZERO = 0x00050000;

/** struct sock_filter: code, jump if true, jump if false, operand. */
function instruction(code: number, jumpTrue: number, jumpFalse: number, operand: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes[2] = jumpTrue;
  bytes[3] = jumpFalse;
  bytes.writeUInt32LE(operand >>> 0, 4);
  return bytes;
}
