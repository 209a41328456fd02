import { join } from 'node:path';
import type { EmittedEvent, Run, RunContext, RunRecord, Sleep } from '../shell/run.js';
import type { Call, Site } from '../stubs/call.js';
import { changesBetween } from '../tree/compare.js';
import type { Entry, Tree } from '../tree/entry.js';

/** Where the fixture's script lies in the fabricated sandbox. */
export const SCRIPT = '/opt/scripts/install.sh';

/** What a test says of a fabricated run; the rest is a run that succeeded and did nothing. */
export interface RunFacts {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly calls?: readonly Call[];
  readonly before?: Record<string, Entry>;
  readonly after?: Record<string, Entry>;
  readonly events?: readonly EmittedEvent[];
  readonly lastStack?: readonly Site[];
  readonly sleeps?: readonly Sleep[];
  readonly duration?: number;
  readonly processes?: ReadonlySet<number>;
  readonly context?: Partial<RunContext>;
}

/** A run as a session would hand it over, fabricated for tests of what reads runs. */
export function fabricatedRun(facts: RunFacts = {}): Run {
  const record = fabricatedRecord(facts);
  // Matchers read the record and mark what was looked at; the rest of a run is for specs.
  return { record, looked: new Set() } as unknown as Run;
}

/** The record of such a run. */
export function fabricatedRecord(facts: RunFacts = {}): RunRecord {
  const before: Tree = new Map(Object.entries(facts.before ?? {}));
  const after: Tree = new Map(Object.entries(facts.after ?? facts.before ?? {}));
  const [stdout, stderr] = [Buffer.from(facts.stdout ?? ''), Buffer.from(facts.stderr ?? '')];
  return {
    context: { ...CONTEXT, ...facts.context },
    exitCode: facts.exitCode ?? 0,
    stdout,
    stderr,
    output: Buffer.concat([stdout, stderr]),
    calls: (facts.calls ?? []).map((call, index) => ({ ...call, index })),
    before,
    after,
    changes: changesBetween(before, after),
    events: facts.events ?? [],
    steps: [],
    lastStack: facts.lastStack ?? [site(11, 'installTool')],
    leftovers: [],
    background: [],
    duration: facts.duration ?? 3,
    lateness: 0,
    witnessed: new Map(),
    moments: [], jobs: [], acted: [],
    variables: [],
    processes: facts.processes ?? new Set(),
    waits: [],
    parents: new Map(), happened: [], changedAt: new Map(),
    reports: new Map(),
    sleeps: facts.sleeps,
    realWaits: [],
  };
}

const CONTEXT: RunContext = {
  verb: 'call',
  command: ['installTool', 'toolctl', '1.34.0'],
  hostPaths: new Map([[SCRIPT, join(import.meta.dirname, 'install.fixture.sh')]]),
  stubNames: new Set(['curl', 'systemctl', 'sleep']),
  spyNames: new Set(),
  toolNames: new Set(['chmod', 'mkdir', 'mv']),
  declared: [],
  declaresEvents: true,
  ownersAreReal: true,
  ownersAdvice: '',
  users: new Map([['root', 0], ['daemon', 1]]),
  groups: new Map([['root', 0], ['daemon', 1]]),
  test: { name: 'installTool fetches what is not there (once)', file: join(process.cwd(), 'specs/install.spec.ts') },
};

/** A place in the fixture's script. */
export function site(line: number, name: string): Site {
  return { file: SCRIPT, line, function: name };
}

/** A call made by the fixture's script; `facts` say what is not usual of it. */
export function call(words: readonly [name: string, ...args: string[]], facts: Partial<Call> = {}): Call {
  const [name, ...args] = words;
  const stack = facts.stack ?? [site(15, 'fetchTool'), site(11, 'installTool')];
  return {
    name,
    args,
    rawArgs: args.map((word) => Buffer.from(word)),
    stdin: undefined,
    cwd: '/',
    exitCode: 0,
    start: 1,
    end: 2,
    pid: 7,
    ancestors: [7],
    site: stack[0],
    stack,
    index: 0,
    isFunction: false,
    ...facts,
  };
}

/** A regular file of a tree. */
export function fileEntry(content: string | Buffer, mode = 0o644, owner = '0:0'): Entry {
  return { kind: 'file', content: Buffer.from(content), mode, owner };
}

/** A directory of a tree. */
export function directoryEntry(mode = 0o755, owner = '0:0'): Entry {
  return { kind: 'directory', mode, owner };
}

/** A symbolic link of a tree. */
export function symlinkEntry(target: string): Entry {
  return { kind: 'symlink', target, mode: 0o777, owner: '0:0' };
}

/** The message with which an expectation fails. */
export function messageOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The expectation passed, and was expected to fail.');
}
