import type { Outcome } from './calls.js';
import { installOf, linksTo, stateOfFile } from './enablement.js';
import { unitName, type SystemctlCall } from './systemctl-call.js';
import type { UnitFiles } from './unit-files.js';
import { bashWord } from './words.js';

const NOT_MEANT = `The unit files have no installation config (WantedBy=, RequiredBy=, Also=,
Alias= settings in the [Install] section, and DefaultInstance= for template
units). This means they are not meant to be enabled using systemctl.
 
Possible reasons for having this kind of units are:
• A unit may be statically enabled by being symlinked from another unit's
  .wants/ or .requires/ directory.
• A unit's purpose may be to act as a helper for some other unit which has
  a requirement dependency on it.
• A unit may be started when needed via activation (socket, path, timer,
  D-Bus, udev, scripted systemctl call, ...).
• In case of template units, the unit is meant to be enabled with some
  instance name specified.
`;

/** What a verb that changes unit files does: commands of bash, and what it says. */
interface Changes {
  readonly work: string[];
  readonly told: string[];
  err: string;
}

/** Verbs of systemctl that change unit files. */
export const FILE_VERBS: readonly string[] = ['enable', 'disable', 'reenable', 'mask', 'unmask'];

const BIN = '/run/shellrig/host/bin';

/** `enable`, `disable`, `reenable`, `mask`, `unmask`. @returns the work for the stub itself, and what it prints; or why not. */
export function changeFiles(files: UnitFiles, { verb, words, has }: SystemctlCall): { readonly work: string; readonly outcome: Outcome } {
  const changes: Changes = { work: [], told: [], err: '' };
  const directory = has('runtime') ? '/run/systemd/system' : '/etc/systemd/system';
  const names = words.map((word) => unitName(word.slice(word.lastIndexOf('/') + 1)));
  let failure: string | undefined;
  if (verb === 'enable' || verb === 'reenable') failure = enable(files, names, directory, verb, changes);
  else if (verb === 'disable') failure = disable(files, names, changes);
  else if (verb === 'mask') failure = mask(files, names, directory, changes);
  else for (const name of names) unmask(files, name, has('runtime'), changes);
  const told = has('quiet') ? '' : changes.told.map((line) => `${line}\n`).join('');
  if (failure !== undefined) return { work: '', outcome: { err: `${changes.err}${failure}\n`, code: 1 } };
  return { work: changes.work.join('\n'), outcome: { err: `${told}${has('quiet') || has('no-warn') ? '' : changes.err}` } };
}

function link(files: UnitFiles, path: string, target: string, { work, told }: Changes): void {
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (files.files.kind(parent) === undefined) work.push(`${BIN}/mkdir -p ${bashWord(parent)}`);
  work.push(`${BIN}/ln -sfn ${bashWord(target)} ${bashWord(path)}`);
  told.push(`Created symlink ${path} → ${target}.`);
}

function enable(files: UnitFiles, names: readonly string[], directory: string, verb: string, changes: Changes): string | undefined {
  let hasSection = false;
  const seen = new Set<string>();
  for (const waiting = [...names]; waiting.length > 0;) {
    const name = waiting.shift() as string;
    if (seen.has(name)) continue;
    seen.add(name);
    const state = stateOfFile(files, name);
    if (state === undefined) return `Failed to ${verb} unit: Unit file ${name} does not exist.`;
    if (state.startsWith('masked')) return `Failed to ${verb} unit: Unit file ${files.fragmentOf(name) ?? name} is masked.`;
    const install = installOf(files, name, directory);
    hasSection ||= install.hasSection;
    if (verb === 'reenable') for (const path of linksTo(files, name)) changes.work.push(`${BIN}/rm -f ${bashWord(path)}`);
    for (const { path, target } of install.links) if (verb === 'reenable' || files.files.link(path) !== target) link(files, path, target, changes);
    waiting.push(...install.also);
  }
  if (!hasSection) changes.err += NOT_MEANT;
  return undefined;
}

function disable(files: UnitFiles, names: readonly string[], changes: Changes): string | undefined {
  for (const name of names) {
    if (stateOfFile(files, name) === undefined && linksTo(files, name).length === 0) return `Failed to disable unit: Unit file ${name} does not exist.`;
    for (const also of installOf(files, name).also) for (const path of linksTo(files, also)) remove(path, changes);
    for (const path of linksTo(files, name)) remove(path, changes);
    if (!installOf(files, name).hasSection && stateOfFile(files, name) !== 'masked') changes.err = NOT_MEANT;
  }
  return undefined;
}

function remove(path: string, { work, told }: Changes): void {
  work.push(`${BIN}/rm -f ${bashWord(path)}`);
  told.push(`Removed "${path}".`);
}

function mask(files: UnitFiles, names: readonly string[], directory: string, changes: Changes): string | undefined {
  for (const name of names) {
    const path = `${directory}/${name}`;
    if (files.fragmentOf(name) === undefined) changes.told.push(`Unit ${name} does not exist, proceeding anyway.`);
    if (files.files.link(path) === '/dev/null') continue;
    if (files.files.kind(path) !== undefined) return `Failed to mask unit: File ${path} already exists.`;
    link(files, path, '/dev/null', changes);
  }
  return undefined;
}

function unmask(files: UnitFiles, name: string, isRuntime: boolean, changes: Changes): void {
  if (stateOfFile(files, name) === undefined) changes.told.push(`Unit ${name} does not exist, proceeding anyway.`);
  for (const directory of isRuntime ? ['/run/systemd/system'] : ['/etc/systemd/system', '/run/systemd/system']) {
    if (files.files.link(`${directory}/${name}`) === '/dev/null') remove(`${directory}/${name}`, changes);
  }
}
