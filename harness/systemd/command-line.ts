import { problem } from './problem.js';
import { withSpecifiers, type NameParts } from './specifiers.js';
import type { Setting } from './unit-text.js';
import { splitWords } from './words.js';

/** One command of Exec...=, before variables are put in. */
export interface Command {
  readonly path: string;
  /** What the process is called by, `@`; otherwise as its path. */
  readonly argv0: string | undefined;
  readonly args: readonly string[];
  /** `-`: its failure counts as success. */
  readonly mayFail: boolean;
  /** `:`: no variables are put in. */
  readonly isLiteral: boolean;
  /** `+`, `!`, `!!`: as root whatever User= says. */
  readonly isPrivileged: boolean;
  readonly place: string;
}

/** Where a program without a path is looked for: systemd.exec(5), "PATH", of a system manager. */
const PROGRAM_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * The commands of Exec...= lines, as systemd.service(5), "Command lines", says.
 * @param exists whether a program lies at a path, for names without one.
 */
export function commandsOf(settings: readonly Setting[], parts: NameParts, exists: (path: string) => boolean): Command[] {
  return settings.flatMap(({ key, value, place }) => {
    const groups: string[][] = [[]];
    // `;` as a word of its own separates commands, `\;` is the word itself.
    for (const part of value.split(/(?<=\s)(\\?;)(?=\s|$)/)) {
      if (part === ';') groups.push([]);
      else if (part === '\\;') groups.at(-1)?.push(';');
      else groups.at(-1)?.push(...splitWords(part, place));
    }
    return groups.filter((words) => words.length > 0).map((words) => commandOf(words, key, place, parts, exists));
  });
}

function commandOf([first = '', ...words]: readonly string[], key: string, place: string, parts: NameParts, exists: (path: string) => boolean): Command {
  const [, prefix = '', program = ''] = /^([-@:+!]*)(.*)$/s.exec(first) ?? [];
  const path = withSpecifiers(program, parts, place);
  if (path === '') throw problem(place, `${key}= names no program`);
  if (path.includes('/') && !path.startsWith('/')) throw problem(place, `${key}=${path}: a program is given by an absolute path or by its name alone`);
  const args = words.map((word) => withSpecifiers(word, parts, place));
  return {
    path: path.startsWith('/') ? path : PROGRAM_DIRECTORIES.map((directory) => `${directory}/${path}`).find(exists) ?? `/usr/bin/${path}`,
    argv0: prefix.includes('@') ? args[0] ?? '' : undefined,
    args: prefix.includes('@') ? args.slice(1) : args,
    mayFail: prefix.includes('-'), isLiteral: prefix.includes(':'), isPrivileged: /[+!]/.test(prefix),
    place,
  };
}

/**
 * Puts variables into a command's arguments: `${X}` anywhere as one word, `$X` as a word of its own as several,
 * `$$` for a dollar.
 */
export function withVariables({ args, isLiteral }: Command, variables: ReadonlyMap<string, string>): string[] {
  if (isLiteral) return [...args];
  return args.flatMap((word) => {
    const [, alone] = /^\$([A-Za-z_]\w*)$/.exec(word) ?? [];
    if (alone !== undefined) return splitWords((variables.get(alone) ?? '').replaceAll('\\', '\\\\'), alone);
    return [word.replace(/\$\$|\$\{([A-Za-z_]\w*)\}/g, (_, name?: string) => (name === undefined ? '$' : variables.get(name) ?? ''))];
  });
}
