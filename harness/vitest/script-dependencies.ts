import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { scriptsBelow } from './scripts-below.js';

/** A file that is sourced, as far as its name is plain to see: the last part of the word. */
const SOURCES = /(?:^|[\s;&|({])(?:source|\.)[ \t]+(?:--[ \t]+)?("[^"\n]*"|'[^'\n]*'|[^\s;&|)]+)/gm;

/**
 * The scripts of a folder that a script may run or source: those whose names it mentions, or all of them when it
 * sources one whose name only shows at run time. Too many costs a needless rerun, too few would miss one.
 * @param script absolute path. @param folder the folder that is taken into the sandbox with it.
 */
export function scriptDependencies(script: string, folder: string): readonly string[] {
  const text = readFileSync(script, 'utf8');
  const others = scriptsBelow(folder).filter((path) => path !== script);
  if ([...text.matchAll(SOURCES)].some(([, word = '']) => isOpen(word))) return others;
  return others.filter((path) => text.includes(basename(path)));
}

function isOpen(word: string): boolean {
  const bare = word.replace(/["']/g, '');
  return /[$`*?[]/.test(bare.slice(bare.lastIndexOf('/') + 1));
}
