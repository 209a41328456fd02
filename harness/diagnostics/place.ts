import { relative } from 'node:path';
import type { Site } from '../stubs/call.js';

/** Sandbox path of each script to its path on the host. */
export type HostPaths = ReadonlyMap<string, string>;

/** A place in a script as people write it: `artifacts/node/a.sh:12 in function retry`. */
export function placeText(site: Site, hostPaths: HostPaths): string {
  const where = site.function === 'main' ? 'at top level' : `in function ${site.function}`;
  return `${fileAndLine(site, hostPaths)} ${where}`;
}

/** `artifacts/node/a.sh:12`. */
export function fileAndLine(site: Site, hostPaths: HostPaths): string {
  return `${scriptPath(site.file, hostPaths)}:${site.line}`;
}

/** A script's path on the host, relative to the working directory; its sandbox path when it was made inside the sandbox. */
export function scriptPath(sandboxPath: string, hostPaths: HostPaths): string {
  const hostPath = hostPaths.get(sandboxPath);
  return hostPath === undefined ? sandboxPath : fromHere(hostPath);
}

/**
 * A host path relative to the working directory: messages must read the same in every checkout. Absolute where that is
 * shorter, as it is of what lies elsewhere on the machine.
 */
export function fromHere(hostPath: string): string {
  const path = relative(process.cwd(), hostPath) || '.';
  return path.startsWith('../') && hostPath.length < path.length ? hostPath : path;
}
