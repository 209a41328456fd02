import { longDate, spanText } from './journal.js';
import { Service } from './service.js';
import { stateOfFile } from './enablement.js';
import type { Manager } from './manager.js';
import type { Unit } from './unit.js';

/** How much of the time that the machine has been up its kernel took: a sandbox has none to tell it. */
export const KERNEL_SHARE = 0.2;

const yesNo = (value: boolean) => (value ? 'yes' : 'no');

/**
 * Properties of a unit that the stand-in tells, in the order in which `systemctl show` prints them.
 * @param isWanted whether one is asked for: of others that take long the name alone is there. Default: all are.
 */
export function propertiesOf(unit: Unit, manager: Manager, isWanted: (name: string) => boolean = () => true): Map<string, string> {
  const service = unit.type === 'service' ? unit as Service : undefined;
  const stamps = Object.entries({ StateChange: unit.times.changed, InactiveExit: unit.times.inactiveExit, ActiveEnter: unit.times.activeEnter, ActiveExit: unit.times.activeExit, InactiveEnter: unit.times.inactiveEnter });
  const isThere = unit.config.load !== 'not-found';
  const list = (key: string) => unit.names(key).join(' ');
  const slow = (name: string, value: () => string) => [name, isWanted(name) ? value() : ''] as const;
  return new Map([
    ...(service ? serviceProperties(service, isThere, manager) : unit.type === 'target' || unit.type === 'slice' ? [] : [['Result', unit.result] as const]),
    ['Id', unit.name], ['Names', unit.name],
    ['Requires', list('Requires')], ['Wants', [...new Set([...unit.names('Wants'), ...unit.config.wants])].join(' ')], ['BindsTo', list('BindsTo')], ['PartOf', list('PartOf')], ['Conflicts', list('Conflicts')],
    slow('WantedBy', () => manager.loaded().filter((other) => other.names('Wants').includes(unit.name) || other.config.wants.includes(unit.name)).map(({ name }) => name).join(' ')),
    ['Before', list('Before')], ['After', list('After')],
    ['Description', unit.description],
    ['LoadState', unit.config.load], ['ActiveState', unit.active], ['SubState', unit.sub],
    ['FragmentPath', unit.config.fragment ?? ''], ['DropInPaths', unit.config.dropIns.join(' ')],
    slow('UnitFileState', () => stateOfFile(manager.unitFiles, unit.name) ?? ''),
    ...stamps.flatMap(([name, time]) => stamp(name, time, manager)),
    ['CanStart', yesNo(isThere)], ['CanStop', yesNo(isThere)], ['CanReload', yesNo(unit.canReload)],
    ['Job', String(manager.jobs.of(unit)?.id ?? '')],
    slow('NeedDaemonReload', () => yesNo(manager.isStale(unit))),
    ['ConditionResult', yesNo(unit.conditionResult)],
    ['LoadError', isThere ? '' : `org.freedesktop.systemd1.NoSuchUnit "Unit ${unit.name} not found."`],
    ...(service ? [['InvocationID', service.invocation] as const] : []),
  ]);
}

/** A time as text, and in microseconds since the machine came up. */
function stamp(name: string, time: number | undefined, { inside, up }: Manager): [string, string][] {
  return [[`${name}Timestamp`, time === undefined ? '' : longDate(inside.started + time)], [`${name}TimestampMonotonic`, String(time === undefined ? 0 : Math.round((up + time) * 1000))]];
}

/** What `systemctl show` tells of the manager itself. */
export function managerProperties(manager: Manager): Map<string, string> {
  return new Map([['Version', '252'], ['Virtualization', 'none'], ['Architecture', process.arch === 'arm64' ? 'arm64' : 'x86-64'], ...stamp('Kernel', -manager.up, manager), ...stamp('Userspace', -manager.up * (1 - KERNEL_SHARE), manager), ...stamp('Finish', 0, manager), ['NFailedUnits', String(manager.loaded().filter(({ active }) => active === 'failed').length)], ['SystemState', manager.loaded().some(({ active }) => active === 'failed') ? 'degraded' : 'running']]);
}

function serviceProperties(service: Service, isThere: boolean, manager: Manager): [string, string][] {
  const ending = service.main?.ending;
  const text = (key: string) => service.list('Service', key).map(({ value }) => value).join(' ');
  return [
    ['Type', isThere ? service.kind : ''],
    ['Restart', service.last('Service', 'Restart')?.value ?? 'no'],
    ['PIDFile', service.last('Service', 'PIDFile')?.value ?? ''],
    ['RestartUSec', spanText(service.span('Service', 'RestartSec', 100))],
    ['TimeoutStartUSec', spanText(service.span('Service', 'TimeoutStartSec', service.span('Service', 'TimeoutSec', isThere && service.kind === 'oneshot' ? Infinity : 90_000)))],
    ['TimeoutStopUSec', spanText(service.span('Service', 'TimeoutStopSec', service.span('Service', 'TimeoutSec', 90_000)))],
    ['WatchdogUSec', service.invocation === '' ? 'infinity' : spanText(service.watchdogSpan)],
    ['RemainAfterExit', yesNo(service.boolean('Service', 'RemainAfterExit', false))],
    ['MainPID', String(service.livingMain)],
    ['StatusText', service.statusLine],
    ['Result', service.result],
    ['NRestarts', String(service.restarts)],
    ...stamp('ExecMainStart', service.main?.start ?? service.assumedStart, manager), ...stamp('ExecMainExit', service.main?.end, manager),
    ['ExecMainPID', String(service.main?.execution.process.pid ?? 0)],
    ['ExecMainCode', String(ending ? { exited: 1, killed: 2, dumped: 3 }[ending.code] : 0)],
    ['ExecMainStatus', String(ending?.status ?? 0)],
    ['Environment', text('Environment')],
    ['EnvironmentFiles', service.list('Service', 'EnvironmentFile').map(({ value }) => `${value.replace(/^-/, '')} (ignore_errors=${yesNo(value.startsWith('-'))})`).join(' ')],
    ['User', service.last('Service', 'User')?.value ?? ''],
    ['KillMode', service.last('Service', 'KillMode')?.value ?? 'control-group'],
  ];
}
