/**
 * A value on one line, as a spec would write it: strings in quotes, patterns as patterns, asymmetric matchers
 * by name and sample (`StringContaining "x"`), objects with their keys in order.
 */
export function printed(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof RegExp) return String(value);
  if (value instanceof Uint8Array) return `${value.length} B`;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('asymmetricMatch' in value) return printedMatcher(value);
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (value instanceof Date) return value.toISOString();
  const pairs = Object.entries(value).map(([key, member]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key)}: ${printed(member)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}

/** vitest's matchers keep what they were made of in `sample`; those of other libraries say it in toString(). */
function printedMatcher(matcher: { toString(): string }): string {
  const { sample, toAsymmetricMatcher } = matcher as { sample?: unknown; toAsymmetricMatcher?: () => string; toString(): string };
  if (typeof toAsymmetricMatcher === 'function') return toAsymmetricMatcher.call(matcher);
  return sample === undefined ? matcher.toString() : `${matcher.toString()} ${printed(sample)}`;
}
