import { readFileSync } from 'node:fs';
import { aString, notOf, optionsOf, shape, type Shape } from '../diagnostics/shape.js';
import { isPlaceholder } from '../stubs/placeholder-mark.js';
import { besideCaller } from '../diagnostics/spec-place.js';

/** What lies at one path of a tree. Owners are numeric `uid:gid` as the sandbox sees them. */
export type Entry = FileEntry | DirectoryEntry | SymlinkEntry | OtherEntry;

interface Ownership {
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  /** `uid:gid`, numeric, as seen inside the sandbox. */
  readonly owner: string;
}

export interface FileEntry extends Ownership {
  readonly kind: 'file';
  readonly content: Buffer;
}

export interface DirectoryEntry extends Ownership {
  readonly kind: 'directory';
}

export interface SymlinkEntry extends Ownership {
  readonly kind: 'symlink';
  readonly target: string;
}

/** A FIFO, socket or device: its kind is compared, nothing in it is. */
export interface OtherEntry extends Ownership {
  readonly kind: 'fifo' | 'socket' | 'device';
}

/** A whole tree: absolute path to entry. `/` itself is not listed. */
export type Tree = ReadonlyMap<string, Entry>;

/** One path that differs between the tree before a run and the tree after it. */
export interface Change {
  readonly path: string;
  readonly kind: 'created' | 'modified' | 'removed';
  readonly before: Entry | undefined;
  readonly after: Entry | undefined;
}

/** Anything with vitest's asymmetric-matcher protocol: `expect.stringContaining('x')` and its like. */
export interface AsymmetricMatcher {
  asymmetricMatch(other: unknown): boolean;
  toString(): string;
}

/** What a file may hold: text, bytes, or (in an expectation only) a pattern or an asymmetric matcher. */
export type Content = string | Uint8Array | RegExp | AsymmetricMatcher;

/** Mode and owner: defaults 0o644 (files), 0o755 (directories) and root:root when given; not compared where absent when expected. */
export interface Attributes {
  /** Permission bits, for instance `0o755`. */
  readonly mode?: number;
  /** `user:group`, by name (from the sandbox's passwd and group) or by number. */
  readonly owner?: string;
}

/** One path as a spec writes it, given to a tree or expected of it. */
export type EntrySpec =
  | ({ readonly spec: 'file'; readonly content: Content | undefined; readonly from?: string } & Attributes)
  | ({ readonly spec: 'directory' } & Attributes)
  | ({ readonly spec: 'symlink'; readonly target: string | RegExp | AsymmetricMatcher } & Attributes)
  | { readonly spec: 'fifo' | 'socket' | 'device' }
  | { readonly spec: 'removed' };

/** Files as a spec writes them: path to entry; a bare string is a file with that text. */
export type FileSpecs = Readonly<Record<string, string | EntrySpec>>;

/**
 * A regular file, given or expected.
 * @param content text or bytes; in an expectation also a RegExp, an asymmetric matcher, or undefined (any content).
 */
export function file(content?: Content, attributes: Attributes = {}): EntrySpec {
  attributesOf('file', attributes);
  return { spec: 'file', content, ...attributes };
}

/**
 * A regular file whose bytes come from the host, for instance a package fixture or another script.
 * @param hostPath path on the host: absolute, or relative to the file that calls this.
 * @throws the file system's error when it cannot be read.
 */
export function fileFrom(hostPath: string, attributes: Attributes = {}): EntrySpec {
  attributesOf('fileFrom', attributes);
  const path = besideCaller(hostPath);
  return { spec: 'file', content: readFileSync(path), from: path, ...attributes };
}

/** A directory, given or expected. */
export function directory(attributes: Attributes = {}): EntrySpec {
  attributesOf('directory', attributes);
  return { spec: 'directory', ...attributes };
}

/** A symbolic link, given or expected; the target is kept as written, dangling or not. */
export function symlink(target: string | RegExp | AsymmetricMatcher): EntrySpec {
  return { spec: 'symlink', target };
}

const KINDS: readonly unknown[] = ['file', 'directory', 'symlink', 'fifo', 'socket', 'device', 'removed'] satisfies EntrySpec['spec'][];

/** What lies at a path, as a spec writes it. */
export const entrySpec: Shape = (where, value) => {
  if (isPlaceholder(value)) return;
  if (typeof value === 'string') return;
  if (typeof value === 'object' && value !== null && 'spec' in value && KINDS.includes(value.spec)) {
    const { mode, owner } = value as Attributes;
    return attributesOf(where, { mode, owner });
  }
  throw notOf(where, 'text, or what file(), directory(), symlink() or fileFrom() gives', value, isContent(value) ? ' A file that holds it: file(…)' : '');
};

/** What stands for a content, and is none by itself: of a link or a directory it would say nothing. */
function isContent(value: unknown): boolean {
  return value instanceof RegExp || value instanceof Uint8Array || (typeof value === 'object' && value !== null && 'asymmetricMatch' in value);
}

const attributesOf = optionsOf({
  mode: shape('permission bits from 0 to 0o7777, such as 0o755', (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0o7777),
  owner: aString,
});

/** In an expectation: the path was there before the run and is gone after it (with everything below it). */
export const removed: EntrySpec = { spec: 'removed' };
