import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { scriptsBelow } from './scripts-below.js';

/** A line's words after `source` or `.`, where a command can stand. */
const SOURCES = /(?:^|[;&|({]|\b(?:then|do|else)\b)[ \t]*(?:builtin[ \t]+)?(?:source|\.)[ \t]+(.+)$/gm;

/** A script's name without anything that bash would have to put in. */
const PLAIN_NAME = /(?<![\w$}@%+.-])[\w@%+.-]+\.(?:sh|bash)\b/;

/**
 * The scripts of a folder that a script may run or source: those whose names it mentions, or all of them when it
 * sources one whose name only shows at run time. Too many costs a needless rerun, too few would miss one.
 * @param script absolute path. @param folder the folder that is taken into the sandbox with it.
 */
export function scriptDependencies(script: string, folder: string): readonly string[] {
  const text = readFileSync(script, 'utf8');
  const others = scriptsBelow(folder).filter((path) => path !== script);
  const isOpen = [...text.matchAll(SOURCES)].some(([, words = '']) => /[$`*?]/.test(words) && !PLAIN_NAME.test(words));
  return isOpen ? others : others.filter((path) => text.includes(basename(path)));
}
