import { callWords } from '../diagnostics/call-text.js';
import { durationText } from '../clock/duration.js';
import type { RunRecord } from '../shell/run.js';
import { byProcess } from '../steps/by-process.js';
import type { Happened } from '../steps/happened.js';
import type { Call } from '../stubs/call.js';
import { isPlainDirectory } from '../tree/compare.js';
import type { Happening } from './happening.js';
import { ACTORS, EVENTS, FILES, SCRIPT, type Lanes } from './lanes.js';
import { clipped } from './table-text.js';

const LONGEST = 100;

/**
 * What happened in a run, by its clock; at one instant in an order that is the same in each run: what processes beside
 * each other did is told one process after the other, and last what only files tell of.
 */
export function happeningsOf(record: RunRecord, lanes: Lanes): Happening[] {
  const ends = new Map<object, number>();
  record.happened.forEach((one, order) => { if (one.kind === 'ended') ends.set(one.call, order); });
  const happenings: Happening[] = [];
  // Until somebody outside does something or time goes by, nothing but chance orders processes beside each other.
  let round: { readonly ancestors: readonly number[]; readonly index: number; readonly happening: Happening }[] = [];
  const endRound = () => {
    happenings.push(...byProcess(round).map(({ happening }) => happening));
    round = [];
  };
  record.happened.forEach((one, order) => {
    if (one.kind === 'began') round.push({ ancestors: one.call.ancestors, index: order, happening: ofCall(one.call, order, ends.get(one.call), lanes) });
    else if (one.kind === 'slept') round.push({ ancestors: one.sleep.ancestors, index: order, happening: ofSleep(one, order, record, lanes) });
    else if (one.kind === 'acted' || one.kind === 'changed') {
      endRound();
      happenings.push(ofHost(one, order));
    } else if (one.kind === 'moved') endRound();
  });
  endRound();
  happenings.push(...ofFiles(record));
  const time = record.duration - record.lateness;
  happenings.push({ kind: 'end', what: `ended with exit code ${record.exitCode}`, lane: SCRIPT, start: time, end: time, order: undefined, endOrder: undefined, site: record.lastStack[0] });
  return happenings.sort((one, other) => one.start - other.start);
}

function ofCall(call: Call, order: number, endOrder: number | undefined, lanes: Lanes): Happening {
  return { kind: 'call', what: clipped(callWords(call), LONGEST), lane: lanes.of(call.ancestors), start: call.start, end: call.end, order, endOrder, site: call.site, call };
}

function ofSleep({ sleep }: Extract<Happened, { kind: 'slept' }>, order: number, { duration }: RunRecord, lanes: Lanes): Happening {
  const end = sleep.ended ?? sleep.start + sleep.time;
  return { kind: 'sleep', ...(sleep.ended !== undefined && { isCut: true }), what: `${sleep.program} ${durationText(Math.round(sleep.time * 1000) / 1000)}`, lane: lanes.of(sleep.ancestors), start: sleep.start, end: end > duration ? undefined : end, order, endOrder: undefined, site: sleep.site };
}

function ofHost(one: Extract<Happened, { kind: 'acted' | 'changed' }>, order: number): Happening {
  const at = { start: one.time, end: one.time, order, endOrder: order, site: undefined };
  if (one.kind === 'changed') return { kind: 'state', what: `${one.change.subject} ${one.change.state}`, lane: one.change.subject, ...at, change: one.change };
  const { actor, did } = one.deed;
  return { kind: 'act', what: clipped([actor, did].filter((text) => text !== '').join(': ') || 'acts', LONGEST), lane: ACTORS, ...at, deed: one.deed };
}

/** Events and other files that the run left changed, each when it was changed last. */
function ofFiles({ changes, changedAt, events, happened }: RunRecord): Happening[] {
  const moves = happened.filter((one) => one.kind === 'moved');
  const timeOf = (real: bigint) => moves.findLast((move) => move.real <= real)?.time ?? 0;
  const byPath = new Map(events.map((event) => [event.path, event]));
  return [...changes.values()].flatMap((change) => {
    const real = changedAt.get(change.path);
    if (real === undefined || isPlainDirectory(change)) return [];
    const event = byPath.get(change.path);
    const start = timeOf(real);
    const what = event ? `event ${clipped(JSON.stringify(event.value) ?? '', LONGEST)}` : `${change.kind} ${change.path}`;
    return [{ kind: event ? 'event' : 'file', what, lane: event ? EVENTS : FILES, start, end: start, order: undefined, endOrder: undefined, site: undefined, path: change.path, ...(event && { event }) } satisfies Happening];
  });
}
