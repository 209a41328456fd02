import type { IFs } from 'memfs';

/** How much of what lies at a path was read: itself, also the names in it, or also the names of all below it. */
export type Reading = 'itself' | 'names' | 'all names';

/** Told of each path that is read, whether anything is there or not. The path is absolute; a final link is not followed. */
export type OnRead = (path: string, reading: Reading) => void;

type Reader = (path: unknown, ...more: unknown[]) => unknown;

/** A file system that tells which of its paths are read. Of a link that is followed, its target is told as well. */
export function readingFace(fs: IFs, onRead: OnRead): IFs {
  return faceOf(fs, (name, path, options) => {
    const reading = readingOf(name, options);
    onRead(path, reading);
    const isFollowed = !/^(?:lstat|readlink)/.test(name) && fs.existsSync(path);
    const target = isFollowed ? String(fs.realpathSync(path)) : path;
    if (target !== path) onRead(target, reading);
  });
}

function faceOf<Face extends object>(face: Face, told: (name: string, path: string, options: unknown) => void): Face {
  return new Proxy(face, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (name === 'promises') return faceOf(member as object, told);
      // Classes (`fs.Stats`) are made, not called.
      if (typeof member !== 'function' || typeof name !== 'string' || /^[A-Z_]/.test(name)) return member;
      return ((path, ...more) => {
        if (typeof path === 'string' && path.startsWith('/')) told(name, path, more[0]);
        return (member as Reader).call(target, path, ...more);
      }) satisfies Reader;
    },
  });
}

function readingOf(name: string, options: unknown): Reading {
  if (!/^(?:readdir|opendir)/.test(name)) return 'itself';
  return typeof options === 'object' && options !== null && 'recursive' in options && options.recursive === true ? 'all names' : 'names';
}
