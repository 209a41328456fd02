/**
 * Remembers what was computed for the texts that came last.
 *
 * @param compute - A function of the text alone, whose result nobody changes.
 * @param limit - How many results are kept.
 */
export function memoised<Result>(compute: (text: string) => Result, limit: number): (text: string) => Result {
  const kept = new Map<string, { result: Result }>();
  return (text) => {
    const known = kept.get(text);
    const entry = known ?? { result: compute(text) };
    if (known !== undefined) kept.delete(text);
    else if (kept.size >= limit) kept.delete(kept.keys().next().value ?? '');
    kept.set(text, entry);
    return entry.result;
  };
}
