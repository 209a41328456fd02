import { callWords } from '../diagnostics/call-text.js';
import { placeText } from '../diagnostics/place.js';
import type { RunRecord } from '../shell/run.js';
import { parentsOf } from '../tree/compare.js';
import { modeText } from '../tree/print.js';
import type { Invariant } from './invariant.js';
import { listedPaths } from './paths.js';

/** Where a secret may not show. */
type Place = 'stdout' | 'stderr' | 'events' | 'calls' | 'files';

const PLACES: readonly Place[] = ['stdout', 'stderr', 'events', 'calls', 'files'];

/** What is secret, and where it may not show. */
export interface Secrets {
  /** Names of declared variables (`env`, `vars`) whose values are secret. Default: those that end in TOKEN, PASSWORD, SECRET, KEY and their like. */
  readonly named?: RegExp;
  /** Further secrets: texts, or patterns of them. */
  readonly values?: readonly (string | RegExp)[];
  /** Where they may not show. Default: everywhere, `['stdout', 'stderr', 'events', 'calls', 'files']`. */
  readonly in?: readonly Place[];
  /** Files, by path or glob, that may hold them and be read by everyone. */
  readonly except?: readonly string[];
}

const SECRET_NAME = /(?:TOKEN|PASSWORD|PASSWD|PASSPHRASE|SECRET|CREDENTIALS?|KEY)$/i;

/** A shorter value shows by chance. */
const SHORTEST = 4;

/** One secret: what messages call it, and whether a text holds it. */
interface Secret {
  readonly called: string;
  readonly isIn: (text: string) => boolean;
  readonly hide: (text: string) => string;
}

/**
 * No secret shows in what the run prints, in its events, in the arguments of programs (which every user sees in the list
 * of processes; of stubs and spies, whose calls are recorded) or in a file that it wrote and everyone may read. Secrets
 * are the values of declared variables with telling names, of four characters at least; and what `values` lists. It is
 * looked for as it is: encoded (base64, a URL's `%`) it is not found.
 */
export function noSecrets(secrets: Secrets = {}): Invariant {
  const { named = SECRET_NAME, values = [], in: places = PLACES } = secrets;
  const mayHold = listedPaths(secrets.except ?? [], 'noSecrets({ except })');
  return {
    name: `noSecrets(${Object.keys(secrets).length === 0 ? '' : `{ ${Object.keys(secrets).join(', ')} }`})`,
    check(record: RunRecord) {
      const all = [
        ...record.context.declared.filter(([name, value]) => named.test(name) && value.length >= SHORTEST).map(([name, value]) => secretOf(value, name)),
        ...values.map((value) => secretOf(value, value instanceof RegExp ? String(value) : 'a listed value')),
      ];
      const found = all.flatMap((secret) => placesOf(secret, all, record, mayHold).filter(({ place }) => places.includes(place)).map(({ text }) => `${secret.called} ${text}`));
      if (found.length === 0) return undefined;
      return {
        reason: found.length === 1 ? found[0]! : `secrets show in ${found.length} places`,
        details: found.length === 1 ? [] : [found.join('\n')],
        advice: 'Hand a secret on by standard input, by the environment or in a file of mode 0600; switch `set -x` off where it is used (`{ set +x; } 2>/dev/null`).',
      };
    },
  };
}

function secretOf(value: string | RegExp, called: string): Secret {
  if (typeof value === 'string') return { called, isIn: (text) => text.includes(value), hide: (text) => text.replaceAll(value, '***') };
  const pattern = new RegExp(value.source, value.flags.includes('g') ? value.flags : `${value.flags}g`);
  return { called, isIn: (text) => text.search(pattern) !== -1, hide: (text) => text.replace(pattern, '***') };
}

function placesOf({ isIn }: Secret, all: readonly Secret[], record: RunRecord, mayHold: (path: string) => boolean): { place: Place; text: string }[] {
  const { context, after, changes, calls, events } = record;
  const hide = (text: string) => all.reduce((hidden, secret) => secret.hide(hidden), text);
  const lineOf = (stream: Buffer) => stream.toString().split('\n').find((line) => isIn(line)) ?? '';
  const streams = (['stdout', 'stderr'] as const).filter((name) => isIn(record[name].toString()));
  const programs = calls.filter((call) => !call.isFunction && call.args.some((word) => isIn(word)));
  const eventFiles = new Set(events.map(({ path }) => path));
  const told = [...eventFiles].filter((path) => changes.has(path)).filter((path) => holds(path));
  const open = [...changes.keys()].filter((path) => !eventFiles.has(path) && !mayHold(path) && holds(path) && isOpen(path));
  return [
    ...streams.map((place) => ({ place, text: `shows on ${place}: ${hide(lineOf(record[place])).trim()}` })),
    ...told.map((path) => ({ place: 'events' as const, text: `shows in the event ${path}` })),
    ...programs.map((call) => ({ place: 'calls' as const, text: `is an argument of ${hide(callWords(call))}${call.site ? `   at ${placeText(call.site, context.hostPaths)}` : ''}` })),
    ...open.map((path) => ({ place: 'files' as const, text: `lies in ${path}, which everyone may read (mode ${modeText(after.get(path)!.mode)})` })),
  ];

  function holds(path: string): boolean {
    const entry = after.get(path);
    return entry?.kind === 'file' && isIn(entry.content.toString());
  }

  /** Other users get to a file through directories that they may enter. */
  function isOpen(path: string): boolean {
    return (after.get(path)!.mode & 0o004) !== 0 && parentsOf(path).every((parent) => ((after.get(parent)?.mode ?? 0o755) & 0o001) !== 0);
  }
}
