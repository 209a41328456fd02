/**
 * Reads one variable out of what `declare -p` printed. The format is bash's own quoting, meant to be read back
 * (bash(1), `declare`): `declare -- X="a \"b\""`, `declare -a X=([0]="a" [1]="b")`, `declare -A X=([k]="v" )`.
 * @returns undefined for a variable that is unset or declared without a value.
 */
export function variableFrom(declarations: string, name: string): string | string[] | Record<string, string> | undefined {
  const found = new RegExp(`^declare -([-a-zA-Z]+) ${name.replace(/[^\w]/g, '\\$&')}=`, 'm').exec(declarations);
  if (!found) return undefined;
  const flags = found[1] as string;
  const text = declarations.slice(found.index + found[0].length);
  if (!/[aA]/.test(flags)) return readWord(text, 0).value;
  const pairs: [string, string][] = [];
  let at = 1;
  while (text[at] !== ')') {
    if (text[at] === ' ') {
      at += 1;
      continue;
    }
    const key = readKey(text, at + 1);
    const value = readWord(text, key.end + 2);
    pairs.push([key.value, value.value]);
    at = value.end;
  }
  if (flags.includes('A')) return Object.fromEntries(pairs);
  return pairs.map(([, value]) => value);
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
