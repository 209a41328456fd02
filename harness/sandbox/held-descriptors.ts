import { closeSync, constants, fstatSync, openSync, type BigIntStats } from 'node:fs';
import type { Entry } from '../tree/entry.js';
import { pathOf } from '../tree/names.js';
import type { Found, Snapshot } from '../tree/scan.js';

/** Linux's own flag of open(2), which Node does not name: a descriptor to ask about, without the file being opened. */
export const O_PATH = 0o10000000;

const HELD: ReadonlySet<Entry['kind']> = new Set(['directory', 'file', 'symlink']);

/** How many a process may hold: its limit of open files is for scripts' authors, too. */
const MOST = 1024;

let open = 0;

/**
 * Descriptors of a tree's directories, files and links. Asking one takes a fifth of the time of a path, which leads through
 * /proc to the sandbox; and a scan after a run asks about each of them.
 */
export class HeldDescriptors {
  private readonly held = new Map<string, { readonly found: Found; readonly descriptor: number }>();

  /** @param root host path of the root directory. @param isFixed what nobody will ask about. */
  constructor(root: string, snapshot: Snapshot, isFixed: (entry: Entry) => boolean) {
    for (const [path, found] of snapshot) {
      if (open >= MOST) return;
      if (found.key === '' || !HELD.has(found.entry.kind) || isFixed(found.entry)) continue;
      try {
        this.held.set(path, { found, descriptor: openSync(pathOf(root + path), O_PATH | constants.O_NOFOLLOW) });
        open += 1;
      } catch {
        // Closed to the host: it is asked about by its path, and read from inside.
      }
    }
  }

  /**
   * What a path leads to, if it is sure to lead where it did when it was found as this: nothing in its directory was
   * made, removed or renamed since.
   */
  stats(path: string, found: Found): BigIntStats | undefined {
    const held = this.held.get(path);
    return held?.found === found ? fstatSync(held.descriptor, { bigint: true }) : undefined;
  }

  close(): void {
    for (const { descriptor } of this.held.values()) closeSync(descriptor);
    open -= this.held.size;
    this.held.clear();
  }
}
