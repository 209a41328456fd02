import { memoised } from './memo.js';
import { parseScript, walk } from './parse.js';
import { literalOf, scriptInString } from './words.js';

/**
 * The commands that a script (or a function's text) calls by a literal name: functions, builtins and programs
 * alike, in subshells, substitutions, and the strings given to `trap` and `eval` as well. `"$cmd"` is not known.
 * The result is shared: do not change it.
 */
export const callsOf: (source: string) => ReadonlySet<string> = memoised((source) => {
  const calls = new Set<string>();
  walk(parseScript(source), (node) => {
    if (node.type === 'Command' && node.name !== undefined) {
      const name = literalOf(node.name);
      if (name !== undefined && name !== '') calls.add(name);
      const inner = scriptInString(node);
      if (inner !== undefined) for (const call of callsOf(inner)) calls.add(call);
    }
    return undefined;
  });
  return calls;
}, 4096);

/**
 * Every word that could name a function which then runs: command words, and also arguments (`retry 3 install`),
 * array elements and assigned values, each by its first blank-separated part (`step="install gateway"`).
 * The result is shared: do not change it.
 */
export const mentionsOf: (source: string) => ReadonlySet<string> = memoised((source) => {
  const mentions = new Set<string>();
  walk(parseScript(source), (node) => {
    if (node.type === 'Word') mentions.add(node.value.split(/\s/, 1)[0] ?? '');
    if (node.type === 'Command') {
      const inner = scriptInString(node);
      if (inner !== undefined) for (const mention of mentionsOf(inner)) mentions.add(mention);
    }
    return undefined;
  });
  return mentions;
}, 4096);
