import { placeText } from '../diagnostics/place.js';
import type { Invariant } from '../invariants/invariant.js';
import { disturb, type Disturbance } from '../shell/disturbance.js';
import type { Run, RunRecord } from '../shell/run.js';
import { settledNames, type Settled } from './chance.js';
import { digestOf } from './digest.js';

/** What a sweep varies: one run, as a spec asks for it: `() => shell.given({ ... }).call('install', '1.2')`. */
export type Scenario = () => Promise<Run>;

/** A scenario's run with nothing happening to it, and what its shell and givens declare. */
export interface Undisturbed {
  readonly run: Run;
  readonly record: RunRecord;
  /** Makes names that chance made comparable. */
  readonly settled: Settled;
  readonly invariants: readonly Invariant[];
}

/** What came of a run of a sweep: the run, or what it was rejected with. */
export type Tried = { readonly run: Run; readonly error?: undefined } | { readonly run?: undefined; readonly error: unknown };

/**
 * A run with nothing happening to it, of which all moments are told; and once more, to know what is not the same each time.
 * @throws whatever the run is rejected with.
 */
export async function undisturbed(scenario: Scenario, disturbance: Partial<Disturbance> = {}): Promise<Undisturbed> {
  const first = await named(scenario, disturbance);
  const second = await named(scenario, disturbance);
  return { ...first, settled: settledNames(first.record.moments, second.record.moments) };
}

async function named(scenario: Scenario, disturbance: Partial<Disturbance>): Promise<Omit<Undisturbed, 'settled'>> {
  const { run, record, invariants, error } = await seen(scenario, disturbance);
  if (!run) throw error;
  return { run, record, invariants };
}

/** A run of which all moments are told, as it was seen before it was judged: it may have been rejected for how it ended. */
export type Seen = Tried & { readonly record: RunRecord; readonly invariants: readonly Invariant[] };

/** A run with nothing happening to it, once. @throws where there was no run to be seen, or several. */
export async function seen(scenario: Scenario, disturbance: Partial<Disturbance>): Promise<Seen> {
  const declared: (readonly Invariant[])[] = [];
  let record: RunRecord | undefined;
  const result = await tried(scenario, { lane: 0, isWitnessed: false, isTraced: false, moments: { tell: true }, ...disturbance, declared: (invariants) => declared.push(invariants), seen: (found) => { record = found; } });
  if (result.error !== undefined && !record) throw result.error;
  if (!record || (result.error === undefined && result.run?.record === undefined)) throw new TypeError("a sweep's scenario gives the promise of a run: () => shell.call('install')");
  if (declared.length !== 1) throw new TypeError(`a sweep's scenario asks for one run, this one for ${declared.length}: put what comes before it into given({ files }) or given({ tree })`);
  if (record.moments.some(({ isLost }) => isLost)) throw new Error(tooManyText(record));
  return { ...result, record, invariants: declared[0]! };
}

function tooManyText({ lastStack: [site], context }: RunRecord): string {
  const place = site ? `, ended at ${placeText(site, context.hostPaths)},` : '';
  return `the run${place} has more processes, or deeper ones, than a sweep can name: 1,023, and 43 characters of a path like 0.3.1. A loop that goes on until somebody acts needs an end soon enough: limits: { virtual: '10m' }`;
}

/** A run to which something happens; never throws. */
export async function tried(scenario: Scenario, disturbance: Disturbance): Promise<Tried> {
  try {
    return { run: await disturb(disturbance, scenario) };
  } catch (error) {
    return { error };
  }
}

/** The record as invariants of a sweep judge it: beside that of the undisturbed run. */
export function besideUndisturbed(record: RunRecord, undisturbed: RunRecord): RunRecord {
  return { ...record, undisturbed };
}

/** What of a run's changes counts, as one text, and how far it came in the eyes of the undisturbed run. */
export function leftBy(record: RunRecord, { record: undisturbed, settled }: Undisturbed, counts: (path: string) => boolean): { readonly digest: string; readonly progress: string } {
  const digestFor = ({ changes, events }: RunRecord) => {
    const own = new Set(events.map(({ path }) => path));
    return digestOf(changes.values(), (path) => counts(path) && !own.has(path), settled);
  };
  const [digest, done] = [digestFor(record), digestFor(undisturbed)];
  const none = digestOf([], counts, settled);
  if (done === none && digest === none) return { digest, progress: 'nothing to change' };
  return { digest, progress: digest === none ? 'as before' : digest === done ? 'all done' : 'on the way' };
}
