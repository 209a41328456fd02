import { startAfter } from '../clock/clock.js';
import { listedPaths } from '../invariants/paths.js';
import { brokenOf, type Invariant } from '../invariants/invariant.js';
import type { Allowances } from '../shell/options.js';
import type { Run, RunRecord } from '../shell/run.js';
import type { Moment } from '../steps/moments.js';
import { brokenText, differencesOf, errorText, notConverged, unconverged } from './broken.js';
import { checkSweep, killOptions } from './option-shapes.js';
import { besideUndisturbed, leftBy, tried, undisturbed, type Scenario, type Undisturbed } from './scenario.js';
import { mostOf, sweepTest, type BrokenText, type Sweep, type SweepOptions, type Verdict } from './sweep.js';
import { incident, sampled, spread, type Incident } from './values.js';

/** How a scenario is killed, and what must hold of what is left. */
export interface KillOptions extends SweepOptions {
  /** What must hold of what a kill leaves, and again of what the next run makes of it: `oldOrNew('/opt/bin/agent')`. */
  readonly invariants?: readonly Invariant[];
  /** Paths or globs of which the next run need not make what the undisturbed one did, for instance stages that nobody could remove any more. Files of declared events never count. */
  readonly except?: readonly string[];
  /**
   * What the next run must have come to, instead of the undisturbed run's tree and exit code. Throws where it has not. Where
   * it may come to several things, the text that it gives says to which, for the table. Default text: `all done`.
   * @param run that begins from what a kill left. @param undisturbed with nothing happening to it.
   */
  readonly converges?: (run: Run, undisturbed: Run) => string | void | Promise<string | void>;
  /** Steps at which it is tried, beside all calls and changes. Default 20. */
  readonly steps?: number;
  /** Changes of one process at which it is tried. Default 40. */
  readonly changes?: number;
  /** Kills that are tried at most, of a scenario that is too long for all: spread evenly over it, drawn by the printed seed. Default: no limit. `shellrig test --most N` sets another. */
  readonly most?: number;
  /** Paths or globs of what says that work is done: `/run/agent.done`. As soon as one of them has changed it is tried, whatever `most` leaves. */
  readonly marks?: readonly string[];
}

const KILLS = [{ kind: 'die' }, { kind: 'power cut' }] as const;

/** Whoever is killed cannot clean up, and neither can who was waiting for it. */
const ANYTHING: Allowances = { leftovers: true, shellErrors: true, commands: true };

/**
 * Kills a scenario at every call and every change of the tree, and at some of the steps in between: the process that is at
 * the moment, or all of them at once, as a power cut does. What is left must hold the invariants; and the scenario once
 * more, from there, must come to what it comes to undisturbed. By a virtual clock that begins a day after the kill.
 * @param name of the scenario. Registers one vitest test, `NAME, killed at any moment`.
 */
export function sweepKills(name: string, scenario: Scenario, options: KillOptions = {}): void {
  checkSweep('sweepKills', name, scenario, killOptions, options);
  sweepTest(`${name}, killed at any moment`, options, async (seed) => kills(await undisturbed(scenario), scenario, options, seed));
}

function kills(reference: Undisturbed, scenario: Scenario, options: KillOptions, seed: number): Sweep<Incident> {
  const { moments, context } = reference.record;
  const { steps = 20, changes = 40 } = options;
  const isStep = ({ kind }: Moment) => kind === 'step';
  const chosen = new Set([...sampled(moments.filter(isStep), steps, seed), ...byProcess(moments.filter((moment) => !isStep(moment))).flatMap((some) => sampled(some, changes, seed))]);
  const valuesOf = (some: readonly Moment[]) => some.flatMap((moment) => KILLS.map((happens) => incident(moment, happens, context)));
  const asLater = new Set(moments.filter((moment, index) => chosen.has(moment) && chosen.has(moments[index + 1]!) && isAsLater(moment, moments[index + 1]!)));
  const marked = afterMarks(reference, options.marks ?? []);
  const values = valuesOf(moments.filter((moment) => chosen.has(moment) || marked.has(moment))).filter(({ moment, happens }) => happens.kind !== 'power cut' || !asLater.has(moment) || marked.has(moment));
  const most = options.most === undefined ? values.length : mostOf(options.most);
  const kept = spread(values, { most, always: ({ moment }) => marked.has(moment), seed });
  const attempts = new Kills(reference, scenario, options);
  return {
    context, all: valuesOf(moments), chosen: kept,
    pruned: [
      ...(asLater.size > 0 ? [`not tried: ${asLater.size} power cuts before commands that had changed nothing by the next moment: a power cut at that leaves the same`] : []),
      ...prunedText(moments, chosen, seed),
      ...(kept.length < values.length ? [`not tried: ${values.length - kept.length} of the ${values.length} that are left, from which those that are tried are drawn evenly (seed ${seed}; \`most\` allows more)`] : []),
    ],
    attempt: (value, lane) => attempts.attempt(value, lane),
    closing: () => attempts.closing(),
  };
}

/** Whether nothing can have changed from a moment to the next: a command begins, and the next is its own first. */
function isAsLater(moment: Moment, next: Moment): boolean {
  if (moment.kind !== 'step' && moment.kind !== 'call') return false;
  if (moment.kind === 'call') return next.kind === 'change' && next.process === moment.process;
  return (next.kind === 'change' && next.process === moment.process) || (next.kind === 'call' && next.process.startsWith(`${moment.process}.`));
}

/** The moments at which one of these paths has just changed. */
function afterMarks({ record: { moments, before } }: Undisturbed, marks: readonly string[]): ReadonlySet<Moment> {
  const listed = listedPaths(marks, 'sweepKills(): marks')(before);
  const changesMark = ({ kind, what }: Moment) => kind === 'change' && what.slice(what.indexOf(' ') + 1).split(' -> ').some((path) => listed.has(path));
  return new Set(moments.filter((_, index) => index > 0 && changesMark(moments[index - 1]!)));
}

function prunedText(moments: readonly Moment[], chosen: ReadonlySet<Moment>, seed: number): string[] {
  const left = moments.filter((moment) => !chosen.has(moment));
  const steps = left.filter(({ kind }) => kind === 'step').length;
  return [
    ...(steps > 0 ? [`not tried: ${steps} of ${moments.filter(({ kind }) => kind === 'step').length} steps between calls and changes (seed ${seed})`] : []),
    ...(left.length > steps ? [`not tried: ${left.length - steps} changes of processes that make many (seed ${seed})`] : []),
  ];
}

function byProcess(moments: readonly Moment[]): Moment[][] {
  const processes = new Map<string, Moment[]>();
  for (const moment of moments) processes.set(moment.process, [...(processes.get(moment.process) ?? []), moment]);
  return [...processes.values()];
}

/** What the next run makes of what a kill left. */
interface Next {
  readonly broken: readonly BrokenText[];
  /** In a few words. */
  readonly outcome: string;
}

class Kills {
  private readonly nexts = new Map<string, Promise<Next>>();
  private readonly counts: (path: string) => boolean;
  private alike = 0;
  private missed = 0;

  constructor(private readonly reference: Undisturbed, private readonly scenario: Scenario, private readonly options: KillOptions) {
    const excepted = listedPaths(options.except ?? [], 'sweepKills(): except')(reference.record.before);
    const events = new Set(reference.record.events.map(({ path }) => path));
    this.counts = (path) => !events.has(path) && !excepted.has(path);
  }

  async attempt(value: Incident, lane: number): Promise<Verdict> {
    const { record: undisturbed } = this.reference;
    const { run, error } = await tried(this.scenario, {
      moments: { at: value.moment, happens: value.happens }, lane, allow: ANYTHING, limits: { background: '300ms' }, isWitnessed: false, isTraced: true, value: value.id,
    });
    if (!run) return { outcome: 'the killed run', broken: [errorText('the run that was killed', error)] };
    const { record } = run;
    if (!record.moments.some(({ program, kind }) => program === value.moment.program && kind === value.moment.kind)) {
      this.missed += 1;
      return { outcome: 'not reached: this run went another way', broken: [] };
    }
    const { progress, digest } = leftBy(record, this.reference, this.counts);
    const broken = brokenOf(besideUndisturbed(record, undisturbed), this.options.invariants ?? []).map((one) => brokenText(one, record));
    const next = await this.next(digest, record, value, lane);
    const all = [...broken, ...next.broken];
    return { outcome: `${progress}, then ${next.outcome}`, broken: all };
  }

  closing(): string[] {
    return [
      `runs from what was left: ${this.nexts.size}; ${this.alike} of them were alike: they would begin with the same tree`,
      ...(this.missed > 0 ? [`${this.missed} values were not reached: the order of processes, or how often they look, differs from run to run`] : []),
    ];
  }

  /** From a tree that is the same there is one next run. */
  private next(digest: string, record: RunRecord, value: Incident, lane: number): Promise<Next> {
    const known = this.nexts.get(digest);
    if (known) this.alike += 1;
    const next = known ?? this.runFrom(record, value, lane);
    this.nexts.set(digest, next);
    return next;
  }

  private async runFrom(left: RunRecord, value: Incident, lane: number): Promise<Next> {
    const { run: undisturbed } = this.reference;
    const { run, error } = await tried(this.scenario, { tree: left.after, start: startAfter(left), lane, isWitnessed: false, isTraced: true, value: value.id });
    if (!run) return { broken: [errorText('the next run, from what was left', error)], outcome: 'not' };
    const broken = brokenOf(besideUndisturbed(run.record, undisturbed.record), this.options.invariants ?? []).map((one) => brokenText(one, run.record));
    const converged = await this.convergence(run, undisturbed);
    const all = [...broken, ...converged.broken];
    return { broken: all, outcome: all.length === 0 ? converged.outcome : 'not' };
  }

  private async convergence(run: Run, undisturbed: Run): Promise<Next> {
    const outcome = 'all done';
    if (this.options.converges) {
      try {
        return { broken: [], outcome: (await this.options.converges(run, undisturbed)) ?? outcome };
      } catch (error) {
        return { broken: [unconverged(error, run.record)], outcome };
      }
    }
    const differences = differencesOf(undisturbed.record, run.record, this.countsOf(run.record));
    if (differences.length === 0 && run.record.exitCode === undisturbed.record.exitCode) return { broken: [], outcome };
    return { broken: [notConverged(run.record, undisturbed.record, differences)], outcome };
  }

  private countsOf({ events }: RunRecord): (path: string) => boolean {
    const own = new Set(events.map(({ path }) => path));
    return (path) => this.counts(path) && !own.has(path);
  }
}
