import { existsSync } from 'node:fs';

/**
 * Where a host program lies.
 * @returns its absolute path, or undefined when this host does not have it.
 */
export function installedAt(name: string): string | undefined {
  return ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'].map((directory) => `${directory}/${name}`).find((path) => existsSync(path));
}
