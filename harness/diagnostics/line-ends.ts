import { shellWord } from './command-text.js';

/**
 * A script whose lines end as on Windows cannot be run: to bash the carriage return is a part of each line's last word,
 * to the kernel a part of the interpreter's name. Judged by its first line.
 * @param name the script in the message. @param file what is to be mended on the host; undefined for a text that a spec gives.
 * @throws Error saying so, and how to mend it.
 */
export function rejectCrlf(text: string, name: string, file: string | undefined): void {
  // A program may hold anything; what begins with a line of text is a script.
  if (!/^[^\n\0]*\r\n/.test(text)) return;
  const mend = file === undefined ? 'Give it with \\n at the end of each line.' : `Mend it: ${withoutCarriageReturns(file)}`;
  throw new Error(`the lines of the script ${name} end as on Windows (CRLF), and bash takes the carriage return for a part of each line's last word. ${mend}`);
}

/** The command that mends the line ends of a script. */
export function withoutCarriageReturns(file: string): string {
  return `sed -i 's/\\r$//' ${shellWord(file)}`;
}
