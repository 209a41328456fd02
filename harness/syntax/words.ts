import type { Command, Word, WordPart } from 'unbash';

/**
 * What a word is after quote removal, when that is known without running the script.
 *
 * @returns Undefined for a word with an expansion or a pattern in it.
 */
export function literalOf(word: Word): string | undefined {
  return word.parts === undefined || word.parts.every(isLiteral) ? word.value : undefined;
}

function isLiteral(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return true;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every(isLiteral);
    default:
      return false;
  }
}

/**
 * The words of a simple command without quotes, expansions as written: the command first. Assignments before the
 * command are not among them, those after it (`export x=1`) are.
 */
export function wordsOf(command: Command): string[] {
  const words = command.name === undefined ? [] : [command.name.value];
  for (const word of command.args) words.push(word.type === 'Word' ? word.value : word.text);
  return words;
}

/**
 * The script in a string that a command runs in the same shell: `eval 'kill 0'`, `trap 'rm -f /tmp/x.$$' EXIT`.
 *
 * @returns Undefined for every other command.
 */
export function scriptInString(command: Command): string | undefined {
  const [name, ...args] = wordsOf(command);
  if (name === 'eval') return args.join(' ');
  if (name !== 'trap') return undefined;
  const rest = args[0] === '--' ? args.slice(1) : args;
  return rest[0]?.startsWith('-') === true ? undefined : rest[0];
}
