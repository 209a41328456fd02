import { notOf } from '../diagnostics/shape.js';
import { didYouMean } from '../diagnostics/suggest.js';
import type { Condition, Situation } from '../clock/actors.js';
import type { Selector } from '../timeline/happening.js';
import type { RunRecord } from '../shell/run.js';
import type { JournalEntry } from './journal.js';
import { anActiveState, aUnit } from './option-shapes.js';
import type { SystemdReport, Transition } from './report.js';
import { unitName } from './systemctl-call.js';
import type { ActiveState } from './unit.js';

/** What became of a run's units. */
export interface RunUnits {
  /** The state of a unit at the end: `active`, `failed`, ... @throws Error for one that was never in memory. */
  state(name: string): string;
  /** A property at the end, as `systemctl show` names it: `MainPID`, `Result`. @throws Error for one that is not told. */
  property(name: string, property: string): string;
  /** What units went through, in order; of one unit where it is named. */
  transitions(name?: string): readonly Transition[];
  /** Names of the units that became active, in that order. */
  readonly started: readonly string[];
  /** The journal, of one unit where it is named, a message a line. */
  journal(name?: string): string;
  /** The same with time, unit and speaker. */
  readonly entries: readonly JournalEntry[];
}

/**
 * A condition of actors, `once(unitIs('agent', 'active'), ...)`, and of a timeline the instant at which a unit first came to be
 * so. A unit that is in memory no more, or not yet, is `inactive`.
 * @param state as `systemctl is-active` prints it.
 * @throws Error for what is no name of a unit, or no state.
 */
export function unitIs(name: string, state: ActiveState): Condition & Selector {
  aUnit('unitIs(): its unit', name);
  anActiveState(`unitIs('${name}'): the state`, state);
  const unit = unitName(name);
  const selector: Selector = { what: `${unit} ${state}`, at: 'start', selects: ({ change }) => change?.supervisor === 'systemd' && change.subject === unit && change.state === state };
  return Object.assign(({ stateOf }: Situation) => {
    const told = stateOf('systemd', unit);
    if (told === undefined) throw new Error(`unitIs('${name}', '${state}'): the run has no systemd: declare stubs: { ...systemd() }`);
    return told === state;
  }, selector);
}

/** The units of a run, at its end and on the way. @throws Error for a run without `...systemd()` among its stubs, and for what is no run. */
export function unitsOf(run: { readonly record: RunRecord }): RunUnits {
  if (!isRun(run)) throw notOf('unitsOf(): what it takes', 'a run, which .call(), .exec() or .source() resolves to', run, (run as unknown) instanceof Promise ? ' Write `await` before .call(), .exec() or .source().' : '');
  const report = run.record.reports.get('systemd') as SystemdReport | undefined;
  if (!report) throw new Error('unitsOf(run): the run had no systemd: declare stubs: { ...systemd() }');
  const propertiesOf = (name: string) => {
    const found = report.units.get(unitName(name));
    if (!found) throw new Error(`unitsOf(run): no unit ${unitName(name)} was in memory.${didYouMean(unitName(name), report.units.keys())}`);
    return found;
  };
  const property = (name: string, key: string) => {
    const found = propertiesOf(name).get(key);
    if (found === undefined) throw new Error(`unitsOf(run): no property ${key} of ${unitName(name)} is told.${didYouMean(key, propertiesOf(name).keys())}`);
    return found;
  };
  const of = <Item extends { readonly unit: string }>(items: readonly Item[], name: string | undefined) => (name === undefined ? items : items.filter(({ unit }) => unit === unitName(name)));
  return {
    state: (name) => property(name, 'ActiveState'),
    property,
    transitions: (name) => of(report.transitions, name),
    started: report.transitions.filter(({ to, from }) => to === 'active' && from !== 'active' && from !== 'reloading').map(({ unit }) => unit),
    journal: (name) => of(report.journal, name).map(({ message }) => `${message}\n`).join(''),
    entries: report.journal,
  };
}

/** Whatever its type says. */
function isRun(value: unknown): boolean {
  return (value as { readonly record?: Partial<RunRecord> } | null | undefined)?.record?.reports instanceof Map;
}
