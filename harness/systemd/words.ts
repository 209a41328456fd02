import { problem } from './problem.js';

const ESCAPES: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '"': '"', "'": "'", s: ' ' };

/**
 * Splits a value at blanks, with the quotes and escapes of systemd.syntax(7), "Quoting".
 * @throws StrictError for a quote that is not closed and an escape that does not exist.
 */
export function splitWords(text: string, place: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    let word = '';
    let quote = '';
    for (; at < text.length; at += 1) {
      const letter = text[at]!;
      if (letter === '\\') {
        const escape = escapeAt(text, at, place);
        word += escape.text;
        at += escape.length - 1;
      } else if (quote !== '') {
        if (letter === quote) quote = '';
        else word += letter;
      } else if (letter === '"' || letter === "'") {
        quote = letter;
      } else if (/\s/.test(letter)) {
        break;
      } else {
        word += letter;
      }
    }
    if (quote !== '') throw problem(place, `a quote ${quote} is not closed: ${text}`);
    words.push(word);
  }
  return words;
}

function escapeAt(text: string, at: number, place: string): { text: string; length: number } {
  const next = text[at + 1] ?? '';
  const [, hex] = /^\\x([0-9a-fA-F]{2})/.exec(text.slice(at)) ?? [];
  if (hex !== undefined) return { text: String.fromCharCode(Number.parseInt(hex, 16)), length: 4 };
  const [, octal] = /^\\([0-3][0-7]{2})/.exec(text.slice(at)) ?? [];
  if (octal !== undefined) return { text: String.fromCharCode(Number.parseInt(octal, 8)), length: 4 };
  const escaped = ESCAPES[next];
  if (escaped === undefined) throw problem(place, `systemd has no escape \\${next}: ${text}`);
  return { text: escaped, length: 2 };
}

/** A text as one word of bash on one line. */
export function bashWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  return `$'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}
