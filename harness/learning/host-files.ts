import { statSync } from 'node:fs';

/** Whether a file of the host may be run by somebody. */
export function isExecutable(path: string): boolean {
  return (statSync(path).mode & 0o111) !== 0;
}
