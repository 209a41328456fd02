import { isPlaceholder } from '../stubs/placeholder-mark.js';

/** What may hold placeholders beside stubs. */
interface Values {
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  readonly env?: Readonly<Record<string, unknown>> | undefined;
  readonly files?: Readonly<Record<string, unknown>> | undefined;
  readonly stdin?: unknown;
}

/**
 * Options with an empty text where they held a placeholder, so that a run can go on and tell of all of them.
 * @returns the options, and each placeholder's place as a spec writes it: `vars: { VERSION: _ }`.
 */
export function withoutPlaceholders<Options extends Values>(options: Options): { readonly options: Options; readonly places: readonly string[] } {
  const places: string[] = [];
  const filled: { -readonly [Key in keyof Values]: Values[Key] } = {};
  for (const key of ['vars', 'env', 'files'] as const) {
    for (const [name, value] of Object.entries(options[key] ?? {})) {
      if (!holdsPlaceholder(value)) continue;
      filled[key] ??= { ...options[key] };
      Object.assign(filled[key], { [name]: emptied(value) });
      places.push(`${key}: { ${/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`}: _ }`);
    }
  }
  if (isPlaceholder(options.stdin)) {
    filled.stdin = '';
    places.push('stdin: _');
  }
  return { options: places.length === 0 ? options : { ...options, ...filled }, places };
}

function holdsPlaceholder(value: unknown): boolean {
  return isPlaceholder(value) || (isPlain(value) && Object.values(value).some(holdsPlaceholder));
}

function emptied(value: unknown): unknown {
  if (isPlaceholder(value)) return '';
  if (Array.isArray(value)) return value.map(emptied);
  return isPlain(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, emptied(inner)])) : value;
}

/** An array, or an object that a spec wrote down: no buffer. */
function isPlain(value: unknown): value is object {
  return Array.isArray(value) || (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype);
}
