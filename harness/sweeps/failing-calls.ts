import { brokenOf, type Invariant } from '../invariants/invariant.js';
import { noLeftovers } from '../invariants/no-leftovers.js';
import { toldFailures } from '../invariants/told-failures.js';
import type { Happening } from '../shell/moments.js';
import type { Moment } from '../steps/moments.js';
import { brokenText, errorText } from './broken.js';
import { checkSweep, failingCallsOptions } from './option-shapes.js';
import { besideUndisturbed, leftBy, tried, undisturbed, type Scenario, type Undisturbed } from './scenario.js';
import { sweepTest, type Sweep, type SweepOptions, type Verdict } from './sweep.js';
import { incident, type Incident } from './values.js';

/** How calls fail, and what must hold then. */
export interface FailingCallsOptions extends SweepOptions {
  /**
   * What must hold whichever call fails, beside what the shell and the givens declare, `noLeftovers()` where they declare
   * none, and `toldFailures()`.
   */
  readonly invariants?: readonly Invariant[];
  /** Names of programs and stubs that must not be able to hang for ever: each of their calls has to stand under `timeout`. Default: none. */
  readonly bounded?: readonly string[];
}

/** What only runs another program: that fails in its turn. */
const WRAPPERS = new Set(['timeout', 'env', 'nohup', 'nice', 'setsid', 'stdbuf', 'sudo']);

/** Changes that take space. */
const TAKES_SPACE = /^(?:open|write|mkdir|symlink) /;

/** What cleans up: where that fails, something stays. */
const REMOVERS = new Set(['rm', 'rmdir', 'unlink']);

/** Of SIGKILL: what ends a process for want of memory. */
const KILL = 9;

/**
 * Has each call of a program or stub fail in turn: it complains, ends with exit code 1 and has done nothing; a signal ends it; where it
 * stands under `timeout`, it hangs until that ends it; and from each change that takes space on, no space is left on the
 * disk. Whatever comes of it, the invariants hold; but where it is `rm` that fails, what it was to remove may stay.
 * @param name of the scenario. Registers one vitest test, `NAME, with failing calls`.
 */
export function sweepFailingCalls(name: string, scenario: Scenario, options: FailingCallsOptions = {}): void {
  checkSweep('sweepFailingCalls', name, scenario, failingCallsOptions, options);
  sweepTest(`${name}, with failing calls`, options, async () => failingCalls(await undisturbed(scenario, { isWitnessed: true }), scenario, options));
}

function failingCalls(reference: Undisturbed, scenario: Scenario, options: FailingCallsOptions): Sweep<Incident> {
  const { moments, context } = reference.record;
  // What begins a run is the script itself.
  const begun = moments.filter(({ kind, process, number }) => kind === 'call' && !(process === '0' && number === 0));
  const calls = begun.filter(({ what }) => !WRAPPERS.has(nameIn(what)));
  const wrappers = begun.length - calls.length;
  const full = moments.filter(({ kind, what }) => kind === 'change' && TAKES_SPACE.test(what));
  const values = [...calls.flatMap((moment) => happeningsOf(moment).map((happens) => incident(moment, happens, context))), ...full.map((moment) => incident(moment, { kind: 'disk full' }, context))];
  const endless = new Map<string, number>();
  for (const { what, isLimited } of calls) if (!isLimited) endless.set(nameIn(what), (endless.get(nameIn(what)) ?? 0) + 1);
  const unbounded = (options.bounded ?? []).filter((name) => endless.has(name));
  if (unbounded.length > 0) throw new Error(`${unbounded.join(', ')}: must not hang for ever, and nothing would end it: call it under \`timeout\``);
  const invariants = invariantsOf(reference, options);
  return {
    context, all: values, chosen: values,
    pruned: [
      ...(wrappers > 0 ? [`not tried: ${wrappers} calls that only run another program, which fails in its turn (${[...WRAPPERS].slice(0, 3).join(', ')} ...)`] : []),
      ...(calls.some(({ what }) => REMOVERS.has(nameIn(what))) ? ['not asked of values where rm itself fails: noLeftovers()'] : []),
      ...(endless.size > 0 ? [`no hang tried, as no timeout would end it: ${[...endless].map(([name, count]) => (count > 1 ? `${name} (${count})` : name)).join(', ')}`] : []),
    ],
    attempt: (value, lane) => attempt(value, lane, { reference, scenario, invariants }),
  };
}

/** A stub of a function is the shell itself: it can fail, but no signal and no hang is the call's alone. */
function happeningsOf({ isLimited, process, program }: Moment): Happening[] {
  const isProcess = process !== '0' && program !== '';
  return [
    { kind: 'exit', code: 1 },
    ...(isProcess ? [{ kind: 'signal', signal: KILL } as const] : []),
    ...(isProcess && isLimited ? [{ kind: 'hang' } as const] : []),
  ];
}

function invariantsOf({ invariants }: Undisturbed, options: FailingCallsOptions): Invariant[] {
  const declared = [...invariants.filter(({ again }) => again !== true), ...(options.invariants ?? [])];
  const has = (name: string) => declared.some((one) => one.name.startsWith(`${name}(`));
  return [...declared, ...(has('noLeftovers') ? [] : [noLeftovers()]), ...(has('toldFailures') ? [] : [toldFailures()])];
}

interface Failing {
  readonly reference: Undisturbed;
  readonly scenario: Scenario;
  readonly invariants: readonly Invariant[];
}

async function attempt(value: Incident, lane: number, { reference, scenario, invariants }: Failing): Promise<Verdict> {
  const { run, error } = await tried(scenario, { moments: { at: value.moment, happens: value.happens }, lane, isWitnessed: true, isTraced: true, value: value.id });
  if (!run) return { outcome: 'refused', broken: [errorText('the run', error)] };
  const { record } = run;
  if (record.moments.length === 0) return { outcome: 'not reached: this run went another way', broken: [] };
  const asked = REMOVERS.has(nameIn(value.moment.what)) ? invariants.filter((one) => !one.name.startsWith('noLeftovers(')) : invariants;
  const broken = brokenOf(besideUndisturbed(record, reference.record), asked).map((one) => brokenText(one, record));
  return { outcome: `exit ${record.exitCode}, ${leftBy(record, reference, () => true).progress}`, broken };
}

function nameIn(what: string): string {
  return what.split(' ', 1)[0]!;
}
