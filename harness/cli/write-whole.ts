import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { UsageError } from './usage-error.js';

/**
 * Writes a file that nobody ever sees half written.
 * @param path absolute. @param mayReplace whether one that is there already may go.
 * @throws UsageError where it may not.
 */
export function writeWhole(path: string, text: string, mayReplace: boolean): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx' });
    if (mayReplace) renameSync(draft, path);
    else linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new UsageError(`record: ${relative(process.cwd(), path)} is there already: --force replaces it`);
  } finally {
    rmSync(draft, { force: true });
  }
}
