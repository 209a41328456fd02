import { brokenOf, type Invariant } from '../invariants/invariant.js';
import { StrictError } from '../diagnostics/strict-error.js';
import type { Act } from '../clock/actors.js';
import { durationOf } from '../clock/duration.js';
import type { Disturbance } from '../shell/disturbance.js';
import type { Turns } from '../shell/moments.js';
import type { Run, RunRecord } from '../shell/run.js';
import { momentText, type Moment } from '../steps/moments.js';
import { alikeTexts, withoutAlike } from './alike.js';
import { brokenText, errorText, unexpectedText } from './broken.js';
import { checkSweep, momentOptions } from './option-shapes.js';
import { besideUndisturbed, seen, tried, type Scenario, type Seen } from './scenario.js';
import { mostOf, sweepTest, type BrokenText, type Sweep, type SweepOptions, type Verdict } from './sweep.js';
import { sampled, whenText, type Value } from './values.js';

/** Who acts at every moment, and what must hold then. */
export interface MomentOptions extends SweepOptions {
  /**
   * What the actor does, once a run: `(world) => world.rename('/run/x.tmp', '/run/x')`. Default: nothing; then a process is
   * held at each of its moments until all others have ended or wait, and goes on: so two that run at once meet in every way.
   */
  readonly act?: Act;
  /**
   * How long a process stays held at its moment, by the run's clock, as if it were slow: `'5s'`. Default: until all others have
   * ended or wait, and no longer. With an act, from when the actor has acted on.
   */
  readonly heldFor?: string;
  /** Whether the scenario is tried with nobody acting, too: a wait has to end by itself. Default: no. */
  readonly never?: boolean;
  /** What must hold whenever the actor acts, beside what the shell and the givens declare. */
  readonly invariants?: readonly Invariant[];
  /** What each run must have come to, by expectations as in any test. Throws where it has not. */
  readonly expect?: (tried: ActedRun) => void | Promise<void>;
  /** Moments that are tried at most, drawn by the printed seed. Default 400. `shellrig test --most N` sets another. */
  readonly most?: number;
}

/** A run of a sweep of moments. */
export interface ActedRun {
  readonly run: Run;
  /** When the actor acted, in milliseconds since the start, by the run's clock; undefined where it never did. */
  readonly time: number | undefined;
  /** At which moment; undefined for the run in which nobody acts. */
  readonly moment: Moment | undefined;
}

/** One moment, or none. */
interface Chance extends Value {
  readonly moment: Moment | undefined;
}

/** What a run ends with that waits for somebody to act: up to there it has moments. */
const ENDLESS = new Set(['waits-for-ever', 'limit-virtual']);

const MOST = 400;

/**
 * Has somebody act at every moment of a scenario: before each step, as each call begins and has ended, before each change
 * of the tree, and each time that everything waits. At a moment of a process that is held, the others run until they
 * wait, the actor acts, they run until they wait again, and it goes on; time stands meanwhile. The moments are those of
 * the run in which nobody acts. The shell's clock has to be virtual.
 * @param name of the scenario. Registers one vitest test, `NAME, acted on at any moment`; without an act, `NAME, held at any moment`.
 */
export function sweepMoments(name: string, scenario: Scenario, options: MomentOptions = {}): void {
  checkSweep('sweepMoments', name, scenario, momentOptions, options);
  sweepTest(`${name}, ${options.act ? 'acted on' : 'held'} at any moment`, options, async (seed) => moments(await undisturbed(scenario), scenario, options, seed));
}

/**
 * The scenario with nobody acting, which may wait for ever. Where it has jobs, it is run again for the shell and for each of
 * them, which goes first then: so its moments are those that it comes to when it is held at one.
 */
async function undisturbed(scenario: Scenario): Promise<Seen> {
  const first = await named(scenario, undefined);
  if (first.record.jobs.length === 0) return first;
  const jobs = inOrder(first.record.jobs);
  const reference = await named(scenario, { jobs });
  const all = reference.record.moments.filter(({ process }) => jobOf(process, jobs) === undefined);
  for (const own of jobs) {
    const { record } = await named(scenario, turnsOf(own, jobs));
    all.push(...record.moments.filter(({ process }) => jobOf(process, jobs) === own));
  }
  return { ...reference, record: { ...reference.record, moments: all, jobs } };
}

/** @throws whatever it is rejected with but for waiting for ever. */
async function named(scenario: Scenario, turns: Turns | undefined): Promise<Seen> {
  const found = await seen(scenario, { isWitnessed: true, moments: { tell: true, ...(turns && { turns }) }, interposed: { when: 'tells', takesTurns: turns !== undefined } });
  if (found.error !== undefined && !(found.error instanceof StrictError && ENDLESS.has(found.error.code))) throw found.error;
  return found;
}

function moments(reference: Seen, scenario: Scenario, options: MomentOptions, seed: number): Sweep<Chance> {
  const { moments, context } = reference.record;
  const { act, never = false } = options;
  const most = mostOf(options.most ?? MOST);
  // Half of a write cannot be taken back; and who only waits is held by nothing.
  const able = moments.filter(({ kind }) => kind !== 'half' && (kind !== 'waits' || act));
  const chanceOf = (moment: Moment): Chance => ({ id: idOf(moment), moment, stack: moment.stack, text: `${act ? 'the actor acts' : 'held'} ${whenText(moment, context)}` });
  const { kept, dropped } = withoutAlike(able, seed);
  const chosen = sampled(kept, most, seed);
  const nobody: Chance = { id: 'never', moment: undefined, stack: [], text: 'nobody acts' };
  const attempts = new Attempts(reference, scenario, options);
  return {
    context,
    all: [...able.map(chanceOf), nobody],
    chosen: [...chosen.map(chanceOf), ...(never ? [nobody] : [])],
    pruned: [
      ...alikeTexts(dropped, context, seed),
      ...(chosen.length < kept.length ? [`not tried: ${kept.length - chosen.length} of ${kept.length} moments (seed ${seed}; \`most\` allows more)`] : []),
    ],
    attempt: (value, lane) => attempts.attempt(value, lane),
    closing: () => attempts.closing(),
  };
}

/** `step@0.2:17`; `waits@3` for the third time. */
function idOf(moment: Moment): string {
  return `${moment.kind}@${moment.kind === 'waits' ? moment.number + 1 : momentText(moment)}`;
}

class Attempts {
  private missed = 0;
  private readonly invariants: readonly Invariant[];

  constructor(private readonly reference: Seen, private readonly scenario: Scenario, private readonly options: MomentOptions) {
    this.invariants = [...reference.invariants.filter(({ again }) => again !== true), ...(options.invariants ?? [])];
  }

  async attempt({ id, moment }: Chance, lane: number): Promise<Verdict> {
    let record: RunRecord | undefined;
    const { run, error } = await tried(this.scenario, {
      ...this.disturbance(moment), lane, isWitnessed: true, isTraced: true, value: id, seen: (found) => { record = found; },
    });
    const acted = record?.acted.find(({ what }) => what === 'acts');
    if (record && moment && !acted && (this.options.act ?? record.moments.length === 0)) {
      this.missed += 1;
      return { outcome: 'not reached: this run went another way', broken: [] };
    }
    if (!run) return { outcome: error instanceof StrictError ? error.code.replaceAll('-', ' ') : 'refused', broken: [errorText('the run', error)] };
    const broken = [
      ...brokenOf(besideUndisturbed(run.record, this.reference.record), this.invariants).map((one) => brokenText(one, run.record)),
      ...(await this.unexpected({ run, time: acted?.time, moment })),
    ];
    return { outcome: `exit ${run.record.exitCode}`, broken };
  }

  private disturbance(moment: Moment | undefined): Pick<Disturbance, 'moments' | 'interposed'> {
    const { act, heldFor } = this.options;
    const { jobs } = this.reference.record;
    const takesTurns = jobs.length > 0;
    if (moment === undefined || moment.kind === 'waits') return { moments: { tell: true, ...(takesTurns && { turns: { jobs } }) }, interposed: { when: moment?.number ?? 'never', act, takesTurns } };
    return {
      moments: { at: moment, happens: { kind: 'held', turns: turnsOf(jobOf(moment.process, jobs), jobs) } },
      interposed: { when: 'held', act, takesTurns, ...(heldFor !== undefined && { heldFor: durationOf('sweepMoments(): heldFor', heldFor) }) },
    };
  }

  private async unexpected(acted: ActedRun): Promise<BrokenText[]> {
    try {
      await this.options.expect?.(acted);
      return [];
    } catch (error) {
      return [unexpectedText(error, acted.run.record)];
    }
  }

  closing(): string[] {
    return this.missed > 0 ? [`${this.missed} values were not reached: the order of processes, or how often they look, differs from run to run`] : [];
  }
}

/** In the order in which they were started. */
function inOrder(jobs: readonly string[]): string[] {
  return [...jobs].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

/** The innermost job that a process is or comes from. */
function jobOf(process: string, jobs: readonly string[]): string | undefined {
  return jobs.findLast((job) => isOf(process, job));
}

/** One job, or the shell itself, goes first. */
function turnsOf(own: string | undefined, jobs: readonly string[]): Turns {
  return { own, jobs: jobs.filter((job) => own === undefined || !isOf(own, job)) };
}

/** Whether a process is another one or comes from it, by their names. */
function isOf(process: string, other: string): boolean {
  return process === other || process.startsWith(`${other}.`);
}
