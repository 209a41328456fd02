import { literalPattern } from '../diagnostics/literal-pattern.js';
import type { Moment } from '../steps/moments.js';
import { momentText } from '../steps/moments.js';

/** Tells names that chance makes, as those of `mktemp` or with a process id in them, by one that is the same in every run. */
export type Settled = (path: string) => string;

/**
 * Learns from two runs of one scenario, undisturbed, which names differ from run to run: the same moments change the tree
 * at paths that differ in some letters and digits.
 */
export function settledNames(one: readonly Moment[], other: readonly Moment[]): Settled {
  const patterns = new Set<string>();
  const others = new Map(other.map((moment) => [momentText(moment), moment]));
  for (const moment of one) {
    const twin = others.get(momentText(moment));
    if (!twin || twin.kind !== moment.kind) continue;
    const [mine, theirs] = [wordsIn(moment.what), wordsIn(twin.what)];
    if (mine.length !== theirs.length) continue;
    mine.forEach((word, index) => {
      const pattern = patternOf(word, theirs[index]!);
      if (pattern !== undefined) patterns.add(pattern);
    });
  }
  const tests = [...patterns].map((pattern) => new RegExp(`^${pattern}$`));
  return (path) => path.split('/').map((name) => (tests.some((test) => test.test(name)) ? name.replace(/[A-Za-z0-9]/g, 'X') : name)).join('/');
}

/** Names between slashes and blanks. */
function wordsIn(what: string): string[] {
  return what.split(/[\s/]+/);
}

/** A pattern for what two names are alike but for runs of letters and digits; undefined where they are the same, or not alike. */
function patternOf(one: string, other: string): string | undefined {
  if (one === other) return undefined;
  const [mine, theirs] = [one, other].map((name) => name.split(/([A-Za-z0-9]+)/)) as [string[], string[]];
  if (mine.length !== theirs.length || mine.some((part, index) => index % 2 === 0 && part !== theirs[index])) return undefined;
  return mine.map((part, index) => {
    if (part === theirs[index]) return literalPattern(part);
    return /^\d+$/.test(part) && /^\d+$/.test(theirs[index]!) ? '\\d+' : `[A-Za-z0-9]{${part.length}}`;
  }).join('');
}
