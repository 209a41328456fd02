/**
 * File names are bytes, and the names of a tree are text. A byte that is not part of valid UTF-8 becomes a lone
 * surrogate, U+DC80 to U+DCFF, and comes back from it: no two names become one, and every name can be opened again.
 * Python does the same (PEP 383, "Non-decodable Bytes in System Character Interfaces").
 */

const LONE = /[\uDC80-\uDCFF]/u;
const ESCAPE = 0xdc00;

/** A name as the file system has it, as text. */
export function nameOf(bytes: Buffer): string {
  const text = bytes.toString();
  if (!text.includes('\uFFFD') || Buffer.from(text).equals(bytes)) return text;
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const character = bytes.subarray(at, at + lengthFrom(bytes[at] as number));
    const valid = character.toString();
    if (Buffer.from(valid).equals(character)) {
      name += valid;
      at += character.length;
    } else {
      name += String.fromCharCode(ESCAPE + (bytes[at] as number));
      at += 1;
    }
  }
  return name;
}

/** A path of a tree as the functions of `node:fs` take it: the text itself where it is text. */
export function pathOf(name: string): string | Buffer {
  return LONE.test(name) ? bytesOf(name) : name;
}

/** A path of a tree as the bytes that the file system has. */
export function bytesOf(name: string): Buffer {
  if (!LONE.test(name)) return Buffer.from(name);
  return Buffer.concat(Array.from(name, (character) => (LONE.test(character) ? Buffer.from([character.charCodeAt(0) - ESCAPE]) : Buffer.from(character))));
}

/** How long the UTF-8 sequence is that a byte begins: RFC 3629, section 3. */
function lengthFrom(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
