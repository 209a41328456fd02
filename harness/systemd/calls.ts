import { didYouMean } from '../diagnostics/suggest.js';
import type { Call } from '../stubs/call.js';
import { problem } from './problem.js';

/** What a command of systemd says and how it ends. */
export interface Outcome {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}

/** An option of a command: `value` where one follows. */
export type OptionTable = Readonly<Record<string, { readonly long: string; readonly value?: true }>>;

/** A command line taken apart. */
export interface Words {
  readonly options: ReadonlyMap<string, readonly string[]>;
  readonly words: readonly string[];
}

/**
 * Takes a command line apart as getopt_long(3) does.
 * @param known options by long name, `no-block`, and by letter, `q`.
 * @throws StrictError for options that are not among them.
 */
export function takeApart({ name, args }: Call, known: OptionTable): Words {
  const options = new Map<string, string[]>();
  const words: string[] = [];
  const rest = [...args];
  const place = `${name} ${args.join(' ')}`;
  const set = (option: string, inline: string | undefined) => {
    const entry = known[option];
    if (!entry) throw problem(place, `the stand-in knows no option ${option.length === 1 ? '-' : '--'}${option} of ${name}.${didYouMean(option, Object.keys(known).filter((one) => one.length > 1))}`);
    if (!entry.value && inline !== undefined) throw problem(place, `--${option} takes no value`);
    const value = entry.value ? inline ?? rest.shift() : '';
    if (value === undefined) throw problem(place, `--${option} wants a value`);
    options.set(entry.long, [...(options.get(entry.long) ?? []), value]);
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      words.push(...rest.splice(0));
    } else if (word.startsWith('--')) {
      const [, long = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
      set(long, value);
    } else if (/^-./.test(word)) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] as string;
        const inline = known[letter]?.value && at + 1 < word.length ? word.slice(at + 1) : undefined;
        set(letter, inline);
        if (known[letter]?.value) break;
      }
    } else {
      words.push(word);
    }
  }
  return { options, words };
}
