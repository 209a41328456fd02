import { durationOf } from '../clock/duration.js';
import { supervised, type Stub } from '../stubs/stub.js';
import type { Supervisor } from '../stubs/supervisor.js';
import { systemdAnalyze } from './analyze.js';
import { journalctl } from './journalctl.js';
import { Manager } from './manager.js';
import { systemdNotify } from './notify.js';
import { systemdOptions } from './option-shapes.js';
import { systemctl } from './systemctl.js';
import { unitName } from './systemctl-call.js';

/** What there is on the machine beside the unit files of its tree. */
export interface SystemdOptions {
  /**
   * Units that run since before the run began, by name: `['agent']`; or with for how long they have then:
   * `{ agent: '8s' }`. No process of them is there. Default: none.
   */
  readonly active?: readonly string[] | Readonly<Record<string, string>>;
  /** For how long the machine has been up when the run begins: `'1m'`. Default `'10s'`. */
  readonly up?: string;
}

const COMMANDS = { systemctl, journalctl, 'systemd-notify': systemdNotify, 'systemd-analyze': systemdAnalyze };

/**
 * Stubs of systemctl, journalctl, systemd-notify and systemd-analyze that answer as systemd does, for `stubs: { ...systemd() }`: the unit
 * files of the tree count, with their drop-ins; services run in the sandbox, and go on when the call has ended. A run has
 * one manager, whatever the number of its stubs; it begins with nothing started but what `active` names and the targets
 * of a booted machine. What became of the units tells `unitsOf(run)`.
 * @throws Error for an option that does not exist, and for what is no name of a unit. In a run: StrictError `systemd` for a directive, section, verb, option
 * or property that the stand-in does not know, or does not do.
 */
export function systemd(options: SystemdOptions = {}): Readonly<Record<keyof typeof COMMANDS, Stub>> {
  systemdOptions('systemd', options);
  const active = sinceOf(options.active ?? []);
  const up = durationOf('systemd(): up', options.up ?? '10s');
  const supervisor: Supervisor = {
    name: 'systemd',
    begin: (inside, before) => new Manager(inside, before, { active, up }, (request, manager) => COMMANDS[request.call.name.replace(/^.*\//, '') as keyof typeof COMMANDS](request, manager)),
  };
  const stub = supervised(supervisor);
  return { 'systemctl': stub, 'journalctl': stub, 'systemd-notify': stub, 'systemd-analyze': stub };
}

/** Units by name, and for how many milliseconds each has run when a run begins. */
function sinceOf(active: readonly string[] | Readonly<Record<string, string>>): ReadonlyMap<string, number> {
  const named = Array.isArray(active) ? active.map((name: string) => [name, '0s'] as const) : Object.entries(active as Readonly<Record<string, string>>);
  return new Map(named.map(([name, span]) => [unitName(name), durationOf(`systemd(): active: ${name}`, span)]));
}
