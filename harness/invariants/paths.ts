import picomatch from 'picomatch';

/**
 * Tells whether a path is one of those that a spec lists, or lies below one.
 * @param listed absolute paths or globs, as `eventsFrom` takes them.
 * @throws TypeError for one that is not absolute. @param where who takes them, for that message.
 */
export function listedPaths(listed: readonly string[], where: string): (path: string) => boolean {
  const tests = listed.map((path) => {
    if (!path.startsWith('/')) throw new TypeError(`${where} takes absolute paths; received '${path}'.`);
    const clean = path.replace(/(?<=.)\/+$/, '');
    if (clean === '/') return () => true;
    if (!/[*?[\]{}]/.test(clean)) return (found: string) => found === clean || found.startsWith(`${clean}/`);
    return picomatch([clean, `${clean}/**`], { dot: true });
  });
  return (path) => tests.some((test) => test(path));
}

/** Paths as a spec writes them. */
export function writtenPaths(paths: readonly string[]): string {
  return `[${paths.map((path) => `'${path}'`).join(', ')}]`;
}
