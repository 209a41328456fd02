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
