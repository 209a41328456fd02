import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { didYouMean } from '../diagnostics/suggest.js';
import { UsageError } from './usage-error.js';

/** Interpreters of scripts that bash can source. */
const SHELLS = new Set(['bash', 'dash', 'sh']);

/** A script that was named on the command line, as an absolute path. @throws UsageError for what is no shell script. */
export function scriptFile(path: string): string {
  const file = hostFile(path, 'SCRIPT');
  const content = readFileSync(file);
  if (content.includes(0)) throw new UsageError(`record: ${path} is no script: it holds bytes that are no text`);
  const [, words = ''] = /^#! *(.*)/.exec(content.toString()) ?? [];
  const interpreter = words.split(/\s+/).map((word) => basename(word)).find((word) => word !== 'env' && !word.startsWith('-'));
  if (interpreter !== undefined && interpreter !== '' && !SHELLS.has(interpreter)) throw new UsageError(`record: ${path} is a script for ${interpreter}, and shellrig runs bash`);
  return file;
}

/** Files of a folder that a spec lists one by one. */
const MOST_FILES = 60;

/**
 * A file or folder that a script is to find at a path: path in the sandbox to path on the host, or to nothing for an
 * empty folder. @throws UsageError for what is not there, and for a folder of more files than a spec can list.
 */
export function givenFiles(path: string, host: string): Record<string, string | undefined> {
  const top = resolve(host);
  if (!existsSync(top) || !statSync(top).isDirectory()) return { [path]: hostFile(host, '--file') };
  const found: Record<string, string | undefined> = {};
  const visit = (folder: string) => {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1));
    if (entries.length === 0) found[`${path}${folder.slice(top.length)}`] = undefined;
    for (const entry of entries) {
      const inner = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(inner);
      else if (statSync(inner, { throwIfNoEntry: false })?.isFile()) found[`${path}${inner.slice(top.length)}`] = inner;
      if (Object.keys(found).length > MOST_FILES) throw new UsageError(`record: ${host} holds more than ${MOST_FILES} files: name those that the script needs, --file ${path}/NAME=${host}/NAME`);
    }
  };
  visit(top);
  return found;
}

/** A file that was named on the command line, as an absolute path. @param what for the message. @throws UsageError without one. */
export function hostFile(path: string, what: string): string {
  const file = resolve(path);
  if (!existsSync(file)) {
    const folder = dirname(file);
    const near = existsSync(folder) ? didYouMean(basename(file), readdirSync(folder)) : '';
    throw new UsageError(`record: there is no ${what === 'SCRIPT' ? 'script' : 'file'} ${path}${what === 'SCRIPT' ? '' : ` for ${what}`}.${near}`);
  }
  if (!statSync(file).isFile()) throw new UsageError(`record: ${path} is no file`);
  return file;
}
