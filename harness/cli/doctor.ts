import { checkArchitecture, checkBash, checkBubblewrap, checkPrograms, checkSystem, checkTemporaryFolder, checkTools } from './checks/machine.js';
import { checkNamespaces, checkOwners } from './checks/namespaces.js';
import { checkSandbox } from './checks/sandbox.js';
import type { Check } from './checks/check.js';
import type { Command } from './command.js';
import { parseOptions } from './options.js';
import { UsageError } from './usage-error.js';

/** `shellrig doctor`: what this machine lacks for sandboxes, each with the one command that mends it. */
export const doctor: Command = {
  usage: '',
  options: [],
  notes: `ok: as it should be. limited: sandboxes run, with the named limit. missing: no sandbox runs without it.
Exit code: 0 when sandboxes run, 1 when something is missing.`,

  async run(args) {
    const { words } = parseOptions('doctor', [], args);
    if (words.length > 0) throw new UsageError(`doctor: takes no arguments, got '${words.join(' ')}'`);
    const checks = await examine();
    process.stdout.write(doctorText(checks));
    return checks.some(({ result }) => result === 'missing') ? 1 : 0;
  },
};

/** All checks; a sandbox is only tried where nothing that it needs is known to be missing. */
async function examine(): Promise<readonly Check[]> {
  const machine = [checkSystem(), checkArchitecture()];
  if (machine.some(({ result }) => result === 'missing')) return machine;
  const needs = [...machine, await checkBash(), await checkBubblewrap(), checkPrograms(), checkTemporaryFolder(), await checkNamespaces()];
  const sandbox = needs.some(({ result }) => result === 'missing') ? [] : [await checkSandbox(), checkOwners()];
  return [...needs, ...sandbox, checkTools()];
}

/** A line a check, and below it what mends it; at the end the upshot. */
export function doctorText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, result, reason, remedy }) => [
    `${result.padEnd(7)}  ${name.padEnd(width)}  ${reason}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 11)}mend it: ${remedy}`]),
  ]);
  const count = checks.filter(({ result }) => result === 'missing').length;
  const upshot = count === 0 ? 'Sandboxes run on this machine.' : `No sandbox runs on this machine: ${count === 1 ? 'one thing is' : `${count} things are`} missing.`;
  return [...lines, '', upshot, ''].join('\n');
}
