import { defineShell, file, once, symlink, type Given, type Run, type Shell } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import { commandLineOf } from '../../artifacts/config/command-line.js';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { SCRIPTS } from '../support/scripts.js';
import { isReadiness } from './cluster.js';
import { MACHINE, machineOf, type Surroundings } from './node.js';

/** Where the cloud's agent puts the command line: it holds secrets. */
const COMMAND = '/var/lib/waagent/custom-script/command.sh';

/** What lies there is for the boot alone: that the cluster knows the node as ready. */
const IS_READY = '/run/node-is-ready';

/** A machine that the cloud has started; a script that is sourced brings its folder along, where the others lie. */
export const machine = defineShell({ ...MACHINE, source: [helpers, new URL('cloud/booted.sh', import.meta.url).pathname], allow: { unasserted: { stderr: true } } });

/**
 * Boots a node as the cloud does: the services that are enabled start, and its command line runs, from the first line of
 * cse_start.sh on, until its cluster knows it as ready; at most a minute longer than the provisioning takes.
 *
 * @param given what the machine has beside: files, stubs, actors. A tree takes the place of what an image holds: that of a
 * machine that was switched off, and is no longer
 * @param on the machine, where its programs are others
 */
export function boot(configuration: NodeConfiguration, surroundings: Surroundings = {}, given: Given = {}, on: Shell = machine): Promise<Run> {
  const { files, ...others } = machineOf(configuration, surroundings);
  const command = { [COMMAND]: file(`${commandLineOf(configuration)}\n`, { mode: 0o600 }) };
  return on
    .given({
      ...others,
      files: { ...(given.tree ? {} : { ...files, '/opt/azure/containers/provision_start.sh': symlink(`${SCRIPTS}/cse_start.sh`) }), ...command },
      actors: [once(({ calls }) => calls.some(isReadiness), (world) => world.write({ [IS_READY]: '' }))],
    })
    .given(given)
    .call('booted', COMMAND, configuration.preProvisionOnly ? '' : IS_READY);
}

/** Runs the command line once more on a machine that has booted. Nobody answers it: neither the cloud nor the cluster. */
export function provisionedAgain(booted: Run): Promise<Run> {
  return machine.given({ tree: booted.record.after }).call('bash', COMMAND);
}
