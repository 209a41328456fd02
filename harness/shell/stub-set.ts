import { defaultTool, isInstalled, programCopy } from '../sandbox/tools.js';
import { BASH_SIDE, type StubPlaces } from '../sandbox/places.js';
import { GROUPS, USERS } from '../sandbox/baseline.js';
import { existsSync } from 'node:fs';
import { answersFile, compileStub } from '../stubs/answers.js';
import type { Stub } from '../stubs/stub.js';
import type { FileSpecs } from '../tree/entry.js';
import { membersOf } from '../tree/specs.js';
import { packTar, type TarMember } from '../tree/tar.js';
import { movedTo } from './tree-programs.js';

/** Declared stubs, compiled: the programs, answers and lists that put them in place. */
export class StubSet {
  private constructor(
    /** Each stub by name. */
    readonly byName: ReadonlyMap<string, Stub>,
    /** The executable forms. */
    readonly programs: readonly TarMember[],
    /** The answers files and the archives that they name. */
    readonly answers: readonly TarMember[],
    /** What `stubs.sh` defines, in its notation. */
    readonly functions: readonly string[],
    /** Function names to record on entry. */
    readonly spies: readonly string[],
  ) {}

  /**
   * @param functions names that the sourced scripts define, and that any script near them does: those are stubbed as functions.
   * @param places where their answers and programs lie in the sandbox.
   * @param behind the programs of the tree that a stub of that name takes the place of.
   * @throws Error for a spy on something that is neither a program of this machine nor a function.
   */
  static of(stubs: Readonly<Record<string, Stub>>, functions: { readonly sourced: ReadonlySet<string>; readonly any: ReadonlySet<string> }, places: StubPlaces, behind: Behind): StubSet {
    const programs: TarMember[] = [];
    const answers: TarMember[] = [];
    const names: string[] = [];
    const spies: string[] = [];
    for (const [name, stub] of Object.entries(stubs)) {
      const { wrapper } = stub.parts;
      const isFunction = functions.any.has(name);
      const spied = isSpy(stub);
      if (!isFunction && BUILTINS.has(name)) throw new Error(`stubs: \`${name}\` is a builtin of bash, which a plain call runs without looking for a command, so a stub of it would not be met. Assert its effect instead; '/usr/bin/${name}' stands in for the program of that name`);
      if (wrapper) {
        names.push(`!${name}:${wrapper.drop}:${wrapper.as}`);
        continue;
      }
      if (isFunction && spied) {
        spies.push(name);
        continue;
      }
      if (isFunction && mayWork(stub)) throw workingFunction(name);
      const inTree = isFunction ? [] : behind(name);
      const program = isFunction ? undefined : realProgram(name, places, inTree[0]);
      if (spied && !program) throw new Error(`stubs: \`${name}\` is a spy, but no program of this machine and no function of the scripts has that name; install the program, or say what the stub answers`);
      const archive = `${places.answers}/${answersFile(name)}.tar`;
      const compiled = compileStub(name, stub, members, archive, program?.path);
      answers.push({ path: `${places.answers}/${answersFile(name)}`, type: 'file', mode: 0o644, uid: 0, gid: 0, content: compiled.answers });
      if (compiled.files) answers.push({ path: archive, type: 'file', mode: 0o644, uid: 0, gid: 0, content: compiled.files });
      if (spied && program) answers.push(...program.copies);
      if (isFunction) names.push(`${functions.sourced.has(name) ? '?' : '!'}${name}`);
      else {
        const content = Buffer.from(`#!${BASH_SIDE}/stub ${name}\n`);
        for (const path of new Set([placeOf(name), ...inTree.map((program) => program.path)])) programs.push({ path, type: 'file', mode: 0o755, uid: 0, gid: 0, content });
        if (!name.startsWith('/')) names.push(`?${name}`);
      }
    }
    return new StubSet(new Map(Object.entries(stubs)), programs, answers, names, spies);
  }
}

/** Whether the real command or function answers every call. */
export function isSpy({ parts }: Stub): boolean {
  return parts.answer.mode === 'real' && parts.rules.length === 0 && !parts.next && !parts.handler;
}

/** What bash runs itself, whatever commands there are (bash(1), "SHELL BUILTIN COMMANDS"). */
const BUILTINS = new Set([
  '.', ':', '[', 'alias', 'bg', 'bind', 'break', 'builtin', 'caller', 'cd', 'command', 'compgen', 'complete', 'compopt', 'continue',
  'declare', 'dirs', 'disown', 'echo', 'enable', 'eval', 'exec', 'exit', 'export', 'false', 'fc', 'fg', 'getopts', 'hash', 'help',
  'history', 'jobs', 'kill', 'let', 'local', 'logout', 'mapfile', 'popd', 'printf', 'pushd', 'pwd', 'read', 'readarray', 'readonly',
  'return', 'set', 'shift', 'shopt', 'source', 'suspend', 'test', 'times', 'trap', 'true', 'type', 'typeset', 'ulimit', 'umask',
  'unalias', 'unset', 'wait',
]);

/** A stub takes a function's place, so the real one is not there any more. */
export function workingFunction(name: string): Error {
  return new Error(`stubs: \`${name}\` is a function, and a stub of it cannot let the real one work for some calls only; \`spy()\` alone lets it work for all, \`bash('...')\` works in its place`);
}

/** Whether any call could be left to the real one; what a handler gives is not known. */
function mayWork({ parts }: Stub): boolean {
  return parts.answer.mode === 'real' || parts.rules.some(({ stub }) => mayWork(stub)) || (parts.next !== undefined && mayWork(parts.next));
}

/** The programs of the tree that a stub of that name takes the place of, the one that scripts would find first. */
export type Behind = (name: string) => readonly TarMember[];

/**
 * The real program behind a stub: that of the tree, where files hold one. Otherwise that of this machine: a tool of the
 * default set lies in every sandbox, another is carried there.
 * @returns undefined when there is no program of that name.
 */
export function realProgram(name: string, { programs }: StubPlaces, inTree?: TarMember): { readonly path: string; readonly copies: readonly TarMember[] } | undefined {
  const bare = name.slice(name.lastIndexOf('/') + 1);
  if (inTree) {
    // Two paths that are stubbed may end in the same name.
    const path = `${programs}/${name.startsWith('/') ? inTree.path.slice(1).replaceAll('/', '%') : bare}`;
    return { path, copies: [movedTo(path, inTree)] };
  }
  const path = defaultTool(bare);
  if (path) return { path, copies: [] };
  if (!isInstalled(bare)) return undefined;
  const place = `${programs}/${bare}`;
  return { path: place, copies: [programCopy(bare, place)] };
}

/** Archive members for files that a stub writes; their parents are made where they are missing, and left as they are where not. */
export function members(files: FileSpecs): TarMember[] {
  return membersOf(files, new Map(), { users: USERS, groups: GROUPS }).filter((member) => member.type !== 'directory' || member.path in files);
}

/** Packs such files, and further members; undefined when there are none. */
export function packFiles(files: FileSpecs, further: readonly TarMember[] = []): Buffer | undefined {
  const all = [...members(files), ...further];
  return all.length > 0 ? packTar(all, 'unpacked') : undefined;
}

/**
 * Where a command stub lies: where the host has the program, so that PATH finds it in the usual place. /bin, /sbin and
 * /lib are links of the baseline, which an image that had them as directories could not make any more.
 */
function placeOf(name: string): string {
  if (name.startsWith('/')) return name.replace(/^\/+(?=(?:bin|sbin|lib|lib64)\/)/, '/usr/');
  return existsSync(`/usr/sbin/${name}`) && !existsSync(`/usr/bin/${name}`) ? `/usr/sbin/${name}` : `/usr/bin/${name}`;
}
