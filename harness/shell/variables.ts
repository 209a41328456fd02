import type { ShellValue } from './protocol.js';

/** What a shell variable holds: a scalar, the elements of an indexed array in order, or a map. */
export type VariableValue = string | string[] | Record<string, string>;

/**
 * Reads one variable out of what `declare -p` printed. The format is bash's own quoting, meant to be read back
 * (bash(1), `declare`): `declare -- X="a \"b\""`, `declare -a X=([0]="a" [1]="b")`, `declare -A X=([k]="v" )`.
 * Read from the start, since a value may look like a declaration. A nameref stands for what it names.
 * @returns undefined for a variable that is unset or declared without a value.
 */
export function variableFrom(declarations: string, name: string): VariableValue | undefined {
  let wanted = name;
  // A nameref may name another; bash itself allows no circle.
  for (let hops = 0; hops < 8; hops += 1) {
    const found = find(declarations, wanted);
    if (!found?.flags.includes('n') || typeof found.value !== 'string') return found?.value;
    wanted = found.value;
  }
  return undefined;
}

/** The names of all variables that hold something, in bash's order. */
export function variableNames(declarations: string): string[] {
  return [...declared(declarations)].filter(({ value }) => value !== undefined).map(({ name }) => name);
}

/** All variables that hold something, of arrays and maps each item. */
export function variablesIn(declarations: string): (readonly [name: string, value: string])[] {
  return [...declared(declarations)].flatMap(({ name, value }) => (value === undefined ? [] : textsOf(value).map((text) => [name, text] as const)));
}

/** The texts that a variable holds. */
export function textsOf(value: ShellValue | VariableValue): string[] {
  return typeof value === 'object' ? Object.values(value) : [String(value)];
}

interface Declaration {
  readonly name: string;
  readonly flags: string;
  readonly value: VariableValue | undefined;
}

function find(declarations: string, name: string): Declaration | undefined {
  for (const declaration of declared(declarations)) if (declaration.name === name) return declaration;
  return undefined;
}

function* declared(declarations: string): Generator<Declaration, void> {
  const declaration = /declare -([-a-zA-Z]+) ([^\s=]+)(=?)/y;
  for (let at = 0; at < declarations.length; ) {
    declaration.lastIndex = at;
    const [whole = '', flags = '', name = '', assigned = ''] = declaration.exec(declarations) ?? [];
    if (!whole) return;
    at += whole.length;
    const value = assigned ? readValue(declarations, at, flags) : undefined;
    yield { name, flags, value: value?.value };
    at = declarations.indexOf('\n', value?.end ?? at) + 1;
    if (at === 0) return;
  }
}

function readValue(text: string, start: number, flags: string): { value: VariableValue; end: number } {
  if (!/[aA]/.test(flags)) return readWord(text, start);
  const pairs: [string, string][] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== ')') {
    if (text[at] === ' ') {
      at += 1;
      continue;
    }
    const key = readKey(text, at + 1);
    const value = readWord(text, key.end + 2);
    pairs.push([key.value, value.value]);
    at = value.end;
  }
  return { value: flags.includes('A') ? Object.fromEntries(pairs) : pairs.map(([, value]) => value), end: at + 1 };
}

/** A subscript: plain up to `]`, or quoted. */
function readKey(text: string, at: number): { value: string; end: number } {
  if (text[at] === '"' || text.startsWith("$'", at)) return readWord(text, at);
  const end = text.indexOf(']', at);
  return { value: text.slice(at, end), end };
}

/** A word as bash prints it: `"..."` with backslashes before `"$\``, or `$'...'`, or bare. */
function readWord(text: string, at: number): { value: string; end: number } {
  if (text.startsWith("$'", at)) return readDollarQuoted(text, at + 2);
  if (text[at] !== '"') {
    const end = /[\s)]/.exec(text.slice(at))?.index ?? text.length - at;
    return { value: text.slice(at, at + end), end: at + end };
  }
  let value = '';
  let index = at + 1;
  for (; text[index] !== '"'; index += 1) {
    if (text[index] === '\\' && /["\\$`]/.test(text[index + 1] ?? '')) index += 1;
    value += text[index];
  }
  return { value, end: index + 1 };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', v: '\v', "'": "'", '\\': '\\', '"': '"' };

function readDollarQuoted(text: string, at: number): { value: string; end: number } {
  const bytes: Buffer[] = [];
  let index = at;
  for (; text[index] !== "'"; index += 1) {
    if (text[index] !== '\\') {
      const character = String.fromCodePoint(text.codePointAt(index) as number);
      index += character.length - 1;
      bytes.push(Buffer.from(character));
      continue;
    }
    index += 1;
    const octal = /^[0-7]{1,3}/.exec(text.slice(index, index + 3))?.[0];
    if (octal) {
      bytes.push(Buffer.from([parseInt(octal, 8)]));
      index += octal.length - 1;
    } else {
      bytes.push(Buffer.from(ESCAPES[text[index] as string] ?? (text[index] as string)));
    }
  }
  return { value: Buffer.concat(bytes).toString(), end: index + 1 };
}
