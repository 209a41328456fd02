import { rejectCrlf } from '../diagnostics/line-ends.js';
import { scriptPath } from '../diagnostics/place.js';
import { shellFiles } from '../sandbox/image.js';
import { toolCopies, toolLinks } from '../sandbox/tools.js';
import { limitNumbers, type Limits } from '../sandbox/limits.js';
import { SHELL_STUBS } from '../sandbox/places.js';
import { startOf } from '../clock/clock.js';
import type { FileSpecs } from '../tree/entry.js';
import type { ShellOptions } from './options.js';
import { processWide } from './process-wide.js';
import { definedFunctions, ScriptFolders, type Script } from './scripts.js';
import { Session } from './session.js';
import type { SessionOptions } from './session-work.js';
import { StubSet } from './stub-set.js';
import { TreePrograms } from './tree-programs.js';

/** A shell's options with its defaults, and where its relative paths count from. */
export interface PoolOptions extends ShellOptions {
  readonly files: FileSpecs;
  readonly limits: Limits;
  readonly base: string;
  /** Where the shell's options held placeholders, as a spec writes it. */
  readonly placeholders: readonly string[];
}

/** What is known of a shell once its scripts were read. */
export interface Prepared {
  readonly options: PoolOptions;
  readonly scripts: readonly Script[];
  readonly folders: ScriptFolders;
  readonly hostPaths: ReadonlyMap<string, string>;
  readonly session: SessionOptions;
  readonly stubs: StubSet;
  /** Programs that the shell's files put into the tree. */
  readonly programs: TreePrograms;
  readonly toolNames: ReadonlySet<string>;
  /** Names of functions that the sourced scripts, and all scripts of their folders, define. */
  readonly functions: { readonly sourced: ReadonlySet<string>; readonly any: ReadonlySet<string> };
}

/** Sessions that a process keeps ready: with `isolate: false` it runs all spec files, each with shells of its own. */
const MOST_SESSIONS = 16;

/** One session and the runs that queue for it. */
interface Lane {
  session: Session | undefined;
  last: Promise<unknown>;
}

/** The sessions of one shell: runs queue for one of them; a session that is lost is replaced by a new one. */
export class SessionPool {
  readonly options: PoolOptions;
  private prepared: Prepared | undefined;
  private readonly lanes: Lane[] = [];
  private users = 0;

  constructor(options: PoolOptions) {
    this.options = options;
    open.add(this);
  }

  /**
   * Reads scripts and options, once.
   * @param also a script that a run needs and that may lie in a folder of its own: then a new session is due.
   */
  prepare(also?: string): Prepared {
    const script = also === undefined ? undefined : this.prepared?.folders.add(also);
    if (!this.prepared || (script && !this.prepared.hostPaths.has(script.inside))) {
      const folders = this.prepared?.folders ?? new ScriptFolders(this.options.base);
      if (also !== undefined) folders.add(also);
      this.prepared = prepareShell(this.options, folders);
      this.close();
    }
    return this.prepared;
  }

  /**
   * Uses one of the shell's sessions alone, when those before are done with it.
   * @param number which: specs use the first; further ones are there for sweeps, which try several values at once.
   */
  use<Result>(work: (session: Session, prepared: Prepared) => Promise<Result>, number = 0): Promise<Result> {
    const lane = (this.lanes[number] ??= { session: undefined, last: Promise.resolve() });
    this.users += 1;
    // The one used last is the last in the set.
    open.delete(this);
    open.add(this);
    const result = lane.last.then(async () => {
      const prepared = this.prepare();
      if (!lane.session?.isUsable) {
        lane.session?.close();
        closeIdle(MOST_SESSIONS - 1);
        lane.session = await Session.start(prepared.session);
      }
      return work(lane.session, prepared);
    }).finally(() => { this.users -= 1; });
    lane.last = result.catch(() => {});
    return result;
  }

  /** Whether it holds a session, and whether anybody waits for that or uses it. */
  get state(): 'closed' | 'idle' | 'busy' {
    if (this.users > 0) return 'busy';
    return this.lanes.some(({ session }) => session) ? 'idle' : 'closed';
  }

  close(): void {
    for (const lane of this.lanes) {
      lane.session?.close();
      lane.session = undefined;
    }
  }

  /** Reads the scripts anew at the next run. */
  forget(): void {
    this.close();
    this.prepared = undefined;
  }
}

function prepareShell(options: PoolOptions, folders: ScriptFolders): Prepared {
  const scripts = (options.source ?? []).map((path) => folders.add(path));
  const { members, hostPaths } = folders.contents();
  const sourced = new Set(scripts.map(({ inside }) => inside));
  const functions = { sourced: new Set<string>(), any: new Set<string>() };
  for (const { path, content } of members) {
    if (!content) continue;
    const text = Buffer.from(content).toString();
    if (sourced.has(path)) rejectCrlf(text, scriptPath(path, hostPaths), scriptPath(path, hostPaths));
    for (const name of definedFunctions(text)) {
      functions.any.add(name);
      if (sourced.has(path)) functions.sourced.add(name);
    }
  }
  const given = new Map(Object.entries(options.files).flatMap(([path, spec]) => (typeof spec === 'object' && spec.spec === 'file' && spec.from ? [[path, spec.from] as const] : [])));
  const tools = toolLinks(options.tools ?? []);
  const files = shellFiles(tools, options.files);
  const programs = TreePrograms.of(files.members, files.tree);
  const stubs = StubSet.of(options.stubs ?? {}, functions, SHELL_STUBS, (name) => programs.behind(name, options.env?.['PATH']));
  const taken = new Set([...stubs.programs, ...members].map(({ path }) => path));
  const session: SessionOptions = {
    source: scripts.map(({ inside }) => inside),
    hostPaths, tools: tools.filter(({ path }) => !taken.has(path)), files: options.files, env: options.env ?? {},
    members: [...members, ...toolCopies(options.tools ?? []), ...stubs.answers], stubPrograms: stubs.programs, stubs: stubs.functions, spies: stubs.spies,
    limits: limitNumbers(options.limits), clock: startOf(options.clock ?? 'virtual'),
    allow: options.allow ?? {},
    placeholders: options.placeholders, isPlaceholder: (name) => stubs.byName.get(name)?.parts.answer.mode === 'placeholder',
  };
  return { options, scripts, folders, hostPaths: new Map([...hostPaths, ...given]), session, stubs, programs, toolNames: new Set(tools.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))), functions };
}

const open = processWide('session pools', () => new Set<SessionPool>());

/** Ends the sessions that have been idle longest, until so many are left. */
function closeIdle(most: number): void {
  const idle = [...open].filter((pool) => pool.state === 'idle');
  for (const pool of idle.slice(0, Math.max(0, idle.length - most))) pool.close();
}

/** Ends every sandbox of this process: no program ends while it has one. */
export function closeSessions(): void {
  for (const pool of open) pool.close();
}

/** Has every shell read its scripts anew at its next run: another folder may stand in for a script set by then. */
export function forgetScripts(): void {
  for (const pool of open) pool.forget();
}

process.on('exit', closeSessions);
// vitest lets a worker work on whose runner was killed; there is nobody left to tell, and its sandboxes have to end.
if (process.connected) process.once('disconnect', () => process.exit());
