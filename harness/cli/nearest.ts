import { editDistance } from '../diagnostics/suggest.js';

/** More than one suggestion is a list to read. */
const MOST = 3;

/**
 * The candidates that are most like a word, or have a part that is: for lists too long to print.
 * @returns at most three, the nearest first.
 */
export function nearest(word: string, candidates: readonly string[]): readonly string[] {
  const distances = new Map(candidates.map((candidate) => [candidate, distance(word, candidate)]));
  return [...distances].sort(([, one], [, other]) => one - other).slice(0, MOST).map(([candidate]) => candidate);
}

/** Parts of paths and of sentences count alone: who types a filter types one of them. */
function distance(word: string, candidate: string): number {
  const parts = [candidate, ...candidate.split('/'), ...candidate.split(/[/.\s]/)];
  return Math.min(...parts.filter((part) => part !== '').map((part) => editDistance(word, part)));
}
