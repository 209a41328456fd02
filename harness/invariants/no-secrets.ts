import { callWords } from '../diagnostics/call-text.js';
import { placeText } from '../diagnostics/place.js';
import type { RunRecord } from '../shell/run.js';
import type { Site } from '../stubs/call.js';
import { parentsOf } from '../tree/compare.js';
import { modeText } from '../tree/print.js';
import type { Invariant } from './invariant.js';
import { listedPaths, type Listed } from './paths.js';
import { searched, secretsOf, type Searched, type Secret } from './secret.js';

/** Where a secret may not show. */
type Place = 'stdout' | 'stderr' | 'events' | 'calls' | 'files';

const PLACES: readonly Place[] = ['stdout', 'stderr', 'events', 'calls', 'files'];

/** What is secret, and where it may not show. */
export interface Secrets {
  /**
   * Names of variables whose values are secret, as a pattern or a list. Default: those that end in TOKEN, PASSWORD,
   * PASSWD, PASSPHRASE, SECRET or CREDENTIAL (an S may follow), in a word PASS, CRED, AUTH, AUTHORIZATION, BEARER, COOKIE,
   * SESSION or SESSION_ID, in `_PWD`, `_PAT`, APIKEY, or `_KEY` but for `PUBLIC_KEY` and such that sort or look up;
   * `authToken` as `AUTH_TOKEN`. Of these no value that is a word of eight letters at most, a number of seven digits at
   * most, a path, or a URL without credentials. And private keys in PEM, whatever their name.
   */
  readonly named?: RegExp | readonly string[];
  /** Further secrets: texts, or patterns of them. */
  readonly values?: readonly (string | RegExp)[];
  /** Where they may not show. Default: everywhere, `['stdout', 'stderr', 'events', 'calls', 'files']`. */
  readonly in?: readonly Place[];
  /** Files, by path or glob, that may hold them and be read by everyone. */
  readonly except?: readonly string[];
}

/**
 * No secret shows in what the run prints, in its events, in the arguments of programs (which every user sees in the list
 * of processes) or in a file that it wrote and everyone may read, its name and the target of a link included. Declared
 * before the run it sees the arguments of all programs, otherwise only of stubs and spies.
 *
 * Secrets are what `values` lists, and the values, of four characters at least, of variables with telling names: those
 * that are declared (`env`, `vars`), that the shell holds at the end of a `.call()` or `.source()`, and, declared before
 * the run, that a program is given in its environment. They are looked for as they are, and quoted for bash, in JSON, in
 * a URL, in base64 and hexadecimal, also broken into lines; of a value of several lines each that has 16 characters.
 * What it does not see: docs/known-issues.md.
 */
export function noSecrets(secrets: Secrets = {}): Invariant {
  const { named, values = [], in: places = PLACES } = secrets;
  const mayHold = listedPaths(secrets.except ?? [], 'noSecrets({ except })');
  return {
    name: `noSecrets(${Object.keys(secrets).length === 0 ? '' : `{ ${Object.keys(secrets).join(', ')} }`})`,
    executed: places.includes('calls'),
    check(record: RunRecord) {
      const all = secretsOf(record, named, values);
      const shown = all.length === 0 ? [] : showing(record, mayHold(record.before)).filter(({ place }) => places.includes(place));
      const hide = (text: string) => all.reduce((hidden, secret) => secret.hide(hidden), text);
      const found = all.flatMap((secret) => shown.flatMap((one) => tell(secret, one, hide) ?? []));
      if (found.length === 0) return undefined;
      return {
        reason: found.length === 1 ? found[0]! : `secrets show in ${found.length} places`,
        details: found.length === 1 ? [] : [found.join('\n')],
        advice: 'Hand a secret on by standard input, by the environment or in a file of mode 0600; switch `set -x` off where it is used (`{ set +x; } 2>/dev/null`).',
      };
    },
  };
}

/** Something that others see, and how to say that a secret is in it. */
interface Shown {
  readonly place: Place;
  readonly texts: readonly Searched[];
  /** @param text that of the texts which holds it. */
  readonly told: (text: string, isIn: (text: string) => boolean) => string;
}

function tell(secret: Secret, { texts, told }: Shown, hide: (text: string) => string): string | undefined {
  for (const text of texts) {
    const as = secret.in(text);
    if (as !== undefined) return `${secret.called}${as === '' ? '' : ` (${as})`} ${hide(told(text.text, (part) => secret.in(searched(part)) !== undefined))}`;
  }
  return undefined;
}

function showing(record: RunRecord, mayHold: Listed): Shown[] {
  const { context, after, changes, calls, events, executed = [] } = record;
  const eventFiles = new Set(events.map(({ path }) => path));
  const paths = [...changes.keys()].filter((path) => after.has(path));
  const open = paths.filter((path) => !eventFiles.has(path) && !mayHold.has(path) && isReached(path, after));
  const programs = calls.filter((call) => !call.isFunction);
  const argument = (text: string, stack: readonly Site[]) => `is an argument of ${text}${stack[0] ? `   at ${placeText(stack[0], context.hostPaths)}` : ''}`;
  return [
    ...(['stdout', 'stderr'] as const).map((place): Shown => ({
      place, texts: [searched(record[place].toString())],
      told: (text, isIn) => `shows on ${place}: ${(text.split('\n').find(isIn) ?? 'over several lines').trim()}`,
    })),
    ...paths.filter((path) => eventFiles.has(path)).map((path): Shown => ({ place: 'events', texts: [contentOf(path)], told: () => `shows in the event ${path}` })),
    ...programs.map((call): Shown => ({ place: 'calls', texts: call.args.map(searched), told: () => argument(callWords(call), call.stack) })),
    ...executed
      .filter(({ argv }) => ![...calls.map(({ args }) => args), context.command.slice(1)].some((args) => isEnd(args, argv)))
      .map(({ argv, stack }): Shown => ({ place: 'calls', texts: argv.map(searched), told: () => argument(callWords({ name: argv[0] ?? '', args: argv.slice(1) }), stack) })),
    ...open.map((path): Shown => ({ place: 'files', texts: [searched(path)], told: () => `is in the name of ${path}` })),
    ...open.flatMap((path): Shown[] => {
      const entry = after.get(path)!;
      if (entry.kind === 'symlink') return [{ place: 'files', texts: [searched(entry.target)], told: () => `is in the target of the link ${path}` }];
      const isOpen = entry.kind === 'file' && (entry.mode & 0o004) !== 0;
      return isOpen ? [{ place: 'files', texts: [contentOf(path)], told: () => `lies in ${path}, which everyone may read (mode ${modeText(entry.mode)})` }] : [];
    }),
  ];

  function contentOf(path: string): Searched {
    const entry = after.get(path);
    return searched(entry?.kind === 'file' ? entry.content.toString() : '');
  }
}

/** Whether a program's words end with those of a call: what a spy let run, and what the spec itself executed. */
function isEnd(args: readonly string[], argv: readonly string[]): boolean {
  return args.length > 0 && argv.length > args.length && args.every((word, index) => argv[argv.length - args.length + index] === word);
}

/** Other users get to a file through directories that they may enter. */
function isReached(path: string, after: RunRecord['after']): boolean {
  return parentsOf(path).every((parent) => ((after.get(parent)?.mode ?? 0o755) & 0o001) !== 0);
}
