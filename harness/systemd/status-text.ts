import { stateOfFile } from './enablement.js';
import { staleWarning } from './job-verbs.js';
import { entryText, longDate, spanText } from './journal.js';
import type { Manager } from './manager.js';
import { TimerUnit, Trigger } from './plain-units.js';
import { problem } from './problem.js';
import { relativeText } from './relative.js';
import { Service } from './service.js';
import type { SystemctlCall } from './systemctl-call.js';
import type { Unit } from './unit.js';
import { statusText } from './values.js';

const DOTS: Readonly<Record<string, string>> = { active: '●', reloading: '↻', inactive: '○', failed: '×', activating: '●', deactivating: '●' };

/** What `systemctl status` prints of a unit; without memory, which is another in every run. */
export function statusOf(unit: Unit, manager: Manager, { values, place }: SystemctlCall): { readonly text: string; readonly warning: string } {
  const { config, active, sub, times } = unit;
  const since = active === 'active' || active === 'reloading' ? times.activeEnter : active === 'activating' ? times.inactiveExit : active === 'deactivating' ? times.activeExit : times.inactiveEnter;
  const shown = sub === 'failed' && active === 'failed' ? '' : ` (${sub})`;
  const result = unit.result === 'success' ? '' : ` (Result: ${unit.result})`;
  const when = since === undefined ? '' : ` since ${whenText(since, manager)}`;
  const lines = [
    `${DOTS[active] ?? '●'} ${unit.title}`,
    `     Loaded: ${loadText(unit, manager)}`,
    ...dropInLines(config.dropIns),
    `     Active: ${active}${active === 'failed' ? '' : shown}${active === 'active' ? '' : result}${when}`,
    ...(unit instanceof TimerUnit ? [`    Trigger: ${unit.next === undefined ? 'n/a' : whenText(unit.next, manager)}`] : []),
    ...(unit instanceof Trigger ? [`   Triggers: ● ${unit.triggered}`] : []),
    ...unmetLines(unit, manager),
    ...(unit instanceof Service ? serviceLines(unit, manager) : []),
  ];
  const count = Number(values('lines')[0] ?? 10);
  const format = values('output')[0] ?? 'short';
  const journal = count === 0 ? [] : manager.journal.of(unit.name, unit.firstEntry).slice(-count).map((entry) => {
    const text = entryText(entry, format);
    if (text === undefined) throw problem(place, `the stand-in knows no --output=${format}`);
    return text;
  });
  return {
    text: [...lines, ...(journal.length > 0 ? ['', ...journal] : [])].map((line) => `${line}\n`).join(''),
    warning: manager.isStale(unit) ? staleWarning(unit) : '',
  };
}

function loadText({ name, config }: Unit, manager: Manager): string {
  if (config.load === 'masked') return `masked (Reason: Unit ${name} is masked.)`;
  if (config.load === 'bad-setting') return `bad-setting (Reason: Unit ${name} has a bad unit file setting.)`;
  if (config.load === 'not-found') return `not-found (Reason: Unit ${name} not found.)`;
  const state = stateOfFile(manager.unitFiles, name);
  if (config.fragment === undefined) return 'loaded';
  return `loaded (${config.fragment}; ${state}${state === 'enabled' || state === 'disabled' ? '; preset: enabled' : ''})`;
}

function dropInLines(paths: readonly string[]): string[] {
  const folders = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))))];
  return folders.flatMap((folder, index) => [
    `${index === 0 ? '    Drop-In: ' : '             '}${folder}`,
    `             └─${paths.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1)).join(', ')}`,
  ]);
}

/** What kept it from starting. */
function unmetLines({ unmet }: Unit, manager: Manager): string[] {
  if (!unmet) return [];
  const { kind, time, text, all, isTrigger } = unmet;
  const when = whenText(time, manager);
  if (kind === 'Assert') return [`     Assert: start assertion failed at ${when}`, `             ${isTrigger ? 'none of the trigger assertions were met' : `${text} was not met`}`];
  return [`  Condition: start condition failed at ${when}`, ...all.map((one, index) => `             ${index === all.length - 1 ? '└' : '├'}─ ${one} was not met`)];
}

function serviceLines(service: Service, { processes, now }: Manager): string[] {
  const main = service.livingMain;
  const members = processes.membersOf(service.invocation);
  const isOff = service.active === 'inactive' || service.active === 'failed';
  const { activeEnter, activeExit } = service.times;
  const ended = service.ran.filter((ran) => ran.ending && !(ran === service.main && main !== 0));
  return [
    ...(isOff && activeEnter !== undefined && activeExit !== undefined && activeExit >= activeEnter ? [`   Duration: ${spanText(activeExit - activeEnter, 3)}`] : []),
    ...ended.map(({ list, execution: { command, process }, ending }) => `    Process: ${process.pid} ${list}=${[command.path, ...command.args].join(' ')} (${ending ? statusText(ending, 'status') : ''})`),
    ...(main !== 0 ? [`   Main PID: ${main} (${processes.nameOf(main)})`] : service.main?.ending ? [`   Main PID: ${service.main.execution.process.pid} (${statusText(service.main.ending, 'status')})`] : []),
    ...(service.statusLine === '' || isOff ? [] : [`     Status: "${service.statusLine}"`]),
    ...(members.length === 0 || now < 0 ? [] : [`      Tasks: ${members.length}`, `     CGroup: /system.slice/${service.name}`, ...members.map((pid, index) => `             ${index === members.length - 1 ? '└' : '├'}─${pid} ${processes.commandOf(pid)}`)]),
  ];
}

/** `Tue 2030-01-01 00:00:00 UTC; 5s ago`. @param time milliseconds since the run began. */
function whenText(time: number, { inside, now }: Manager): string {
  return `${longDate(inside.started + time)}; ${relativeText(now - time)}`;
}
