import { withVariables, type Command } from './command-line.js';
import { problem } from './problem.js';
import type { Process } from './process.js';
import { partsOf, withSpecifiers } from './specifiers.js';
import type { Context, Unit } from './unit.js';
import type { Setting } from './unit-text.js';
import { splitWords } from './words.js';

/** A service, as far as starting its commands goes. */
type ServiceUnit = Unit & { readonly speaker: { readonly identifier: string; readonly pid: number } };

/** A process of a service, with what systemd knows before the program begins. */
export interface Execution {
  readonly command: Command;
  readonly process: Process;
  /** Why the program never ran, in the journal's words; its process ends with {@link exitCode}. */
  readonly refused: { readonly exitCode: number; readonly messages: readonly string[] } | undefined;
}

/** PATH and the like of a system manager's services: systemd.exec(5), "Environment Variables in Spawned Processes". */
const BASE: Readonly<Record<string, string>> = { LANG: 'C.UTF-8', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

const DIRECTORIES = [['RuntimeDirectory', '/run'], ['StateDirectory', '/var/lib'], ['CacheDirectory', '/var/cache'], ['LogsDirectory', '/var/log'], ['ConfigurationDirectory', '/etc']] as const;

/**
 * Starts one command of a service.
 * @param more variables that its state adds.
 * @returns undefined where what it needs is not there: that is told in the journal.
 */
export function execute(service: ServiceUnit, context: Context, command: Command, invocation: string, more: Readonly<Record<string, string>>): Execution | undefined {
  const file = environmentOf(service, context, more);
  const missing = file.missing ?? refusal(service, context, command);
  const { environment } = file;
  makeDirectories(service, context, environment);
  const program = `(${command.path.slice(command.path.lastIndexOf('/') + 1)})`;
  const refused = missing && { exitCode: missing.exitCode, messages: [...(missing.first === undefined ? [] : [`${service.name}: ${missing.first}`]), ...(missing.step === undefined ? [] : [`${service.name}: Failed at step ${missing.step} spawning ${command.path}: ${missing.why}`])] };
  for (const message of refused?.messages ?? []) context.journal.add(service.name, program, 1, message);
  if (missing?.exitCode === 0) return undefined;
  const user = command.isPrivileged ? undefined : service.last('Service', 'User')?.value;
  const group = command.isPrivileged ? undefined : service.last('Service', 'Group')?.value;
  const asUser = user === undefined || user === 'root' ? [] : ['/run/shellrig/host/bin/setpriv', `--reuid=${user}`, `--regid=${group ?? groupOf(user, context)}`, '--clear-groups', '--'];
  const input = service.last('Service', 'StandardInput');
  if (input && input.value !== 'null') throw problem(input.place, `the stand-in knows no StandardInput=${input.value}`);
  const words = [...asUser, command.path, ...withVariables(command, environment)];
  const output = streamOf(service, 'StandardOutput', context);
  const process = context.processes.start({
    // What is not there is called all the same: a program that nobody declared is an error of the run.
    argv: missing?.isGone === true ? [command.path] : refused ? ['/run/shellrig/host/bin/false'] : words,
    argv0: refused ? undefined : command.argv0,
    environment, invocation, unit: service.name,
    output: refused ? '/dev/null' : output,
    errors: refused ? '/dev/null' : service.last('Service', 'StandardError') ? streamOf(service, 'StandardError', context, output) : output,
    directory: refused ? '/' : directoryOf(service),
    umask: service.last('Service', 'UMask')?.value ?? '0022',
  });
  return { command, process, refused };
}

interface Missing {
  /** 0: no process is begun at all. */
  readonly exitCode: number;
  readonly first?: string;
  readonly step?: string;
  readonly why?: string;
  readonly isGone?: boolean;
}

/** Why the program cannot even be begun. */
function refusal(service: ServiceUnit, { files }: Context, { path, isPrivileged }: Command): Missing | undefined {
  const user = isPrivileged ? undefined : service.last('Service', 'User')?.value;
  if (user !== undefined && !isIn('/etc/passwd', user, files)) return { exitCode: 217, first: 'Failed to determine user credentials: No such process', step: 'USER', why: 'No such process' };
  const group = isPrivileged ? undefined : service.last('Service', 'Group')?.value;
  if (group !== undefined && !isIn('/etc/group', group, files)) return { exitCode: 216, first: 'Failed to determine group credentials: No such process', step: 'GROUP', why: 'No such process' };
  const kind = files.kind(path);
  if (kind === undefined) return { exitCode: 203, first: `Failed to locate executable ${path}: No such file or directory`, step: 'EXEC', why: 'No such file or directory', isGone: true };
  if (kind !== 'file' || ((files.status(path)?.mode ?? 0) & 0o111) === 0) return { exitCode: 203, first: `Failed to locate executable ${path}: Permission denied`, step: 'EXEC', why: 'Permission denied' };
  return undefined;
}

function isIn(table: string, name: string, files: Context['files']): boolean {
  return (files.text(table) ?? '').split('\n').some((line) => line.split(':')[0] === name || (/^\d+$/.test(name) && line.split(':')[2] === name));
}

function groupOf(user: string, { files }: Context): string {
  const fields = (files.text('/etc/passwd') ?? '').split('\n').map((line) => line.split(':')).find(([name, , id]) => name === user || id === user);
  return fields?.[3] ?? '0';
}

/** The variables that a service's commands see: systemd.exec(5), "ENVIRONMENT". */
function environmentOf(service: ServiceUnit, { files }: Context, more: Readonly<Record<string, string>>): { environment: Map<string, string>; missing?: Missing } {
  const parts = partsOf(service.name);
  const environment = new Map(Object.entries(BASE));
  const user = service.last('Service', 'User')?.value;
  if (user !== undefined) {
    const [name = user, , , , , home = '/', shell = '/bin/sh'] = (files.text('/etc/passwd') ?? '').split('\n').map((line) => line.split(':')).find(([one, , id]) => one === user || id === user) ?? [];
    for (const [key, value] of Object.entries({ HOME: home, LOGNAME: name, USER: name, SHELL: shell })) environment.set(key, value);
  }
  for (const { value, place } of service.list('Service', 'Environment')) {
    for (const word of splitWords(value, place)) assign(environment, withSpecifiers(word, parts, place), place);
  }
  let missing: Missing | undefined;
  for (const { value, place } of service.list('Service', 'EnvironmentFile')) {
    const path = withSpecifiers(value.replace(/^-/, ''), parts, place);
    const text = files.text(path);
    if (text === undefined && !value.startsWith('-')) missing = { exitCode: 0, first: 'Failed to load environment files: No such file or directory' };
    for (const [name, content] of environmentFile(text ?? '')) environment.set(name, content);
  }
  for (const { value, place } of service.list('Service', 'UnsetEnvironment')) for (const word of splitWords(value, place)) environment.delete(word);
  for (const [name, value] of Object.entries(more)) environment.set(name, value);
  return missing ? { environment, missing } : { environment };
}

function assign(environment: Map<string, string>, word: string, place: string): void {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || value === undefined) throw problem(place, `Environment=: ${word} assigns no variable, NAME=value`);
  environment.set(name, value);
}

/** The assignments of a file of EnvironmentFile=: systemd.exec(5). Lines that assign nothing are passed over, as there. */
function environmentFile(text: string): [name: string, value: string][] {
  const joined = text.replace(/\\\n/g, '');
  const found: [string, string][] = [];
  for (const [, name = '', quoted, single, plain = ''] of joined.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\n]*))[ \t]*$/gm)) {
    found.push([name, quoted?.replace(/\\(["\\`$\n])/g, (_, letter: string) => (letter === '\n' ? '' : letter)) ?? single ?? plain.trim().replace(/\\(.)/g, '$1')]);
  }
  return found;
}

/** StandardOutput= and StandardError=. */
function streamOf(service: ServiceUnit, key: string, context: Context, inherited?: string): string {
  const setting: Setting | undefined = service.last('Service', key);
  const value = setting?.value ?? 'journal';
  if (value === 'null') return '/dev/null';
  if (value === 'inherit' && inherited !== undefined) return inherited;
  if (/^(journal|syslog|kmsg|inherit)(\+console)?$/.test(value)) return context.streams.path(service);
  const [, how, path] = /^(file|append|truncate):(\/.*)$/.exec(value) ?? [];
  if (setting === undefined || path === undefined) throw problem(setting?.place ?? service.name, `the stand-in knows no ${key}=${value}`);
  if (how === 'truncate') context.processes.order(['/run/shellrig/host/bin/truncate', '-s', '0', path]);
  return path;
}

function directoryOf(service: ServiceUnit): string {
  const setting = service.last('Service', 'WorkingDirectory');
  if (!setting) return '/';
  const path = withSpecifiers(setting.value.replace(/^-/, ''), partsOf(service.name), setting.place);
  return path === '~' ? '/root' : path;
}

/** RuntimeDirectory= and its like: made before the first command, each named in a variable. */
function makeDirectories(service: ServiceUnit, { processes }: Context, environment: Map<string, string>): void {
  for (const [key, parent] of DIRECTORIES) {
    const paths = service.list('Service', key).flatMap(({ value, place }) => splitWords(value, place)).map((name) => `${parent}/${withSpecifiers(name, partsOf(service.name), service.name)}`);
    if (paths.length === 0) continue;
    const user = service.last('Service', 'User')?.value ?? '0';
    processes.order(['/run/shellrig/host/bin/mkdir', '-p', '-m', service.last('Service', `${key}Mode`)?.value ?? '755', '--', ...paths]);
    if (key !== 'ConfigurationDirectory') processes.order(['/run/shellrig/host/bin/chown', user, '--', ...paths]);
    environment.set(key.replace(/Directory$/, '').toUpperCase().concat('_DIRECTORY'), paths.join(':'));
  }
}

/** Where the file of PIDFile= lies. */
export function pidPath(value: string): string {
  return value.startsWith('/') ? value : `/run/${value}`;
}

/** What RuntimeDirectory= made, and the file of PIDFile=, go with the service. */
export function removeDirectories(service: ServiceUnit, { processes }: Context): void {
  const paths = service.list('Service', 'RuntimeDirectory').flatMap(({ value, place }) => splitWords(value, place)).map((name) => `/run/${name}`);
  const pidFile = service.last('Service', 'PIDFile');
  if (pidFile) paths.push(pidPath(pidFile.value));
  if (paths.length > 0) processes.order(['/run/shellrig/host/bin/rm', '-rf', '--', ...paths]);
}
