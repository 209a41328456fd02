import type { Outcome } from './calls.js';
import { stateOfFile } from './enablement.js';
import { longDate } from './journal.js';
import type { Manager } from './manager.js';
import { TimerUnit } from './plain-units.js';
import { relativeText } from './relative.js';
import { globOf, unitName, type SystemctlCall } from './systemctl-call.js';

const LEGEND = `
LOAD   = Reflects whether the unit definition was properly loaded.
ACTIVE = The high-level unit activation state, i.e. generalization of SUB.
SUB    = The low-level unit activation state, values depend on unit type.
`;

/** `list-units`. */
export function listUnits(manager: Manager, asked: SystemctlCall): Outcome {
  const { words, has, values } = asked;
  const isAll = has('all');
  const states = [...values('state'), ...(has('failed') ? ['failed'] : [])];
  const patterns = words.map((word) => globOf(/[*?[]/.test(word) ? word : unitName(word)));
  const types = values('type');
  const units = manager.loaded()
    .filter((unit) => patterns.length === 0 || patterns.some((pattern) => pattern.test(unit.name)))
    .filter((unit) => types.length === 0 || types.includes(unit.type))
    .filter(({ config, active, sub }) => (states.length > 0 ? states.some((state) => [config.load, active, sub].includes(state)) : isAll || active !== 'inactive' || manager.jobs.list().some(({ unit }) => unit.config === config)))
    .filter(({ config, active }) => isAll || config.load !== 'not-found' || active !== 'inactive')
    .sort((one, other) => typeOrder(one.type) - typeOrder(other.type) || (one.name < other.name ? -1 : 1));
  const rows = units.map(({ name, config, active, sub, description }) => [name, config.load === 'bad-setting' ? 'bad-setting' : config.load, active, sub, description]);
  const hasLegend = !has('no-legend');
  const isMarked = !has('plain');
  const marks = units.map(({ config, active }) => (config.load !== 'loaded' || active === 'failed' ? '●' : ' '));
  const hasMarks = isMarked && (hasLegend || marks.length > 0);
  const table = tableText([...(hasLegend ? [['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION']] : []), ...rows]);
  const lines = table.map((line, index) => (hasMarks ? `${hasLegend ? (index === 0 ? ' ' : marks[index - 1]) : marks[index]} ${line}` : line));
  const hint = isAll || states.length > 0 ? `${units.length} loaded units listed.\n` : `${units.length} loaded units listed. Pass --all to see loaded but inactive units, too.\n`;
  return { out: `${lines.map((line) => `${line}\n`).join('')}${hasLegend ? `${units.length > 0 ? LEGEND : '\n'}${hint}To show all installed unit files use 'systemctl list-unit-files'.\n` : ''}` };
}

/** `list-unit-files`. */
export function listUnitFiles(manager: Manager, { words, has, values }: SystemctlCall): Outcome {
  const patterns = words.map((word) => globOf(/[*?[]/.test(word) ? word : unitName(word)));
  const types = values('type');
  const files = [...manager.unitFiles.all().keys()].sort()
    .filter((name) => patterns.length === 0 || patterns.some((pattern) => pattern.test(name)))
    .filter((name) => types.length === 0 || types.some((type) => name.endsWith(`.${type}`)))
    .map((name) => [name, stateOfFile(manager.unitFiles, name) ?? '', ''] as const)
    .map(([name, state]) => [name, state, state === 'enabled' || state === 'disabled' ? 'enabled' : '-'])
    .filter(([, state = '']) => values('state').length === 0 || values('state').includes(state));
  if (has('no-legend')) return { out: tableText(files).map((line) => `${line}\n`).join('') };
  const lines = tableText([['UNIT FILE', 'STATE', 'PRESET'], ...files]);
  return { out: `${lines.map((line) => `${line}\n`).join('')}\n${files.length} unit files listed.\n`, code: 0 };
}

/** `list-timers`: when each elapses next and did last, and what it starts; the first to elapse first. */
export function listTimers(manager: Manager, { words, has }: SystemctlCall): Outcome {
  const patterns = words.map((word) => globOf(/[*?[]|\.timer$/.test(word) ? word : `${word}.timer`));
  const next = (timer: TimerUnit) => timer.next ?? Infinity;
  const timers = manager.loaded()
    .filter((unit) => unit instanceof TimerUnit)
    .filter(({ name, active }) => (has('all') || active !== 'inactive') && (patterns.length === 0 || patterns.some((pattern) => pattern.test(name))))
    .sort((one, other) => (next(one) === next(other) ? (one.name < other.name ? -1 : 1) : next(one) - next(other)));
  const when = (time: number | undefined) => (time === undefined ? ['-', '-'] : [longDate(manager.inside.started + time), relativeText(manager.now - time)]);
  const rows = timers.map((timer) => [...when(timer.next), ...when(timer.lastTrigger), timer.name, timer.triggered]);
  const lines = tableText([...(has('no-legend') ? [] : [['NEXT', 'LEFT', 'LAST', 'PASSED', 'UNIT', 'ACTIVATES']]), ...rows]);
  return { out: `${lines.map((line) => `${line}\n`).join('')}${has('no-legend') ? '' : `\n${timers.length} timers listed.\n${has('all') ? '' : 'Pass --all to see loaded but inactive timers, too.\n'}`}` };
}

const TYPES = ['path', 'service', 'slice', 'socket', 'target', 'timer'];

function typeOrder(type: string): number {
  return TYPES.indexOf(type);
}

/** Columns as wide as they have to be; the last without blanks behind it. */
function tableText(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join(' '));
}
