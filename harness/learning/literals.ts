import { quoted } from '../diagnostics/command-text.js';

/** As wide as a line of a written spec gets where it can be broken. */
export const WIDTH = 120;

/** A text as TypeScript, in the quotes that need the fewest backslashes. */
export function stringLiteral(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${quoted(text).slice(1, -1).replaceAll("\\'", "'")}"` : quoted(text);
}

/** A text as TypeScript: on one line or, where it has several lines, a line each. @param indent blanks before it. */
export function textLiteral(text: string, indent: string): string {
  const lines = text.split('\n');
  if (lines.length === 1 || (lines.length < 3 && text.length < WIDTH - indent.length)) return stringLiteral(text);
  return `[\n${lines.map((line) => `${indent}  ${stringLiteral(line)},\n`).join('')}${indent}].join('\\n')`;
}

/** A key of an object: bare where it can be. */
export function keyLiteral(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** Members in braces: on one line where they fit, else a line each. @param indent blanks before the line that it is on. */
export function objectLiteral(members: readonly string[], indent: string, used = 0): string {
  if (members.length === 0) return '{}';
  const line = `{ ${members.join(', ')} }`;
  if (used + indent.length + line.length <= WIDTH && !line.includes('\n')) return line;
  return `{\n${members.map((member) => `${indent}  ${member},\n`).join('')}${indent}}`;
}

/** Words between two brackets: on one line where they fit, else as many on each as fit. @param indent blanks before the line that it is on. */
export function wordList(words: readonly string[], [open, close]: readonly [string, string], indent: string, used: number): string {
  const line = `${open}${words.join(', ')}${close}`;
  if (used + indent.length + line.length <= WIDTH) return line;
  const lines = [''];
  for (const word of words) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + 2 + used + last.length + word.length + 2 > WIDTH) lines.push(`${word},`);
    else lines[lines.length - 1] = last === '' ? `${word},` : `${last} ${word},`;
  }
  return `${open}\n${lines.map((text) => `${indent}  ${text}\n`).join('')}${indent}${close}`;
}

/** Elements in brackets, likewise. */
export function arrayLiteral(elements: readonly string[], indent: string, used = 0): string {
  const line = `[${elements.join(', ')}]`;
  if (used + indent.length + line.length <= WIDTH && !line.includes('\n')) return line;
  return `[\n${elements.map((element) => `${indent}  ${element},\n`).join('')}${indent}]`;
}
