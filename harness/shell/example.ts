import { readFileSync } from 'node:fs';
import { packFiles, realProgram, StubSet, workingFunction } from './stub-set.js';
import { membersOf } from '../tree/specs.js';
import { GIVEN_STUBS } from '../sandbox/places.js';
import { GROUPS, USERS } from '../sandbox/baseline.js';
import { limitNumbers } from '../sandbox/limits.js';
import { decide, type Counts } from '../stubs/decide.js';
import { encodeAnswer } from '../stubs/answers.js';
import type { Stub } from '../stubs/stub.js';
import { rejectCrlf } from '../diagnostics/line-ends.js';
import { fromHere } from '../diagnostics/place.js';
import { placedAt, specPlace } from '../diagnostics/spec-place.js';
import { recordDamaged } from '../diagnostics/strict-messages.js';
import { file, type FileSpecs, type Tree } from '../tree/entry.js';
import type { TarMember } from '../tree/tar.js';
import { actorOn } from './actor.js';
import { mergeAllowances, mergeGivens, type AllGiven } from './givens.js';
import type { Given } from './options.js';
import { freshReason } from './fresh.js';
import { judge } from './judge.js';
import { DamagedLog, type RunRequest } from './protocol.js';
import { isStub } from './recorded.js';
import { RunPromise } from './run-promise.js';
import type { Run } from './run.js';
import type { Prepared, SessionPool } from './session-pool.js';
import type { Session } from './session.js';
import type { Answerer } from './session-work.js';
import { readRecording } from '../steps/recording.js';
import { currentTest, watchRun, type WatchedRun } from './test-watch.js';

type Verb = RunRequest['verb'];

/** One run in the making: the shell and all that was given. */
export class Example {
  private readonly pool: SessionPool;
  private readonly given: AllGiven;

  constructor(pool: SessionPool, givens: readonly Given[]) {
    this.pool = pool;
    this.given = mergeGivens(givens);
  }

  /** Starts the run; several may be under way, they queue. */
  start(verb: Verb, command: readonly string[]): RunPromise {
    const test = currentTest();
    const place = specPlace();
    const watched: { -readonly [Key in keyof WatchedRun]: WatchedRun[Key] } = {
      promise: undefined as unknown as RunPromise,
      place,
      asked: { verb, command, hostPaths: new Map() },
    };
    watched.promise = RunPromise.of(this.run(verb, command, test, watched).catch((error: unknown) => {
      throw placedAt(error instanceof DamagedLog ? recordDamaged(watched.asked) : error, place);
    }));
    watchRun(watched);
    return watched.promise;
  }

  private async run(verb: Verb, command: readonly string[], test: ReturnType<typeof currentTest>, watched: WatchedRun): Promise<Run> {
    const [first = '', ...words] = command;
    if (verb !== 'call') this.prepareScript(first);
    return this.pool.use(async (session, prepared) => {
      const { given } = this;
      const tree = session.tree();
      const stubs = StubSet.of(given.stubs ?? {}, prepared.functions, GIVEN_STUBS);
      const inside = verb === 'call' ? first : this.insidePath(first, tree, prepared);
      const text = verb === 'call' ? '' : textAt(inside, tree, given.files, prepared);
      const host = inside in given.files ? undefined : prepared.hostPaths.get(inside);
      rejectCrlf(text, host === undefined ? inside : fromHere(host), host && fromHere(host));
      const result = await session.run({
        request: {
          verb,
          command: [inside, ...words],
          process: given.process ?? (freshReason(verb, command, prepared.scripts, verb === 'source' ? text : '') ? 'fresh' : 'fork'),
          cwd: given.cwd ?? '/',
          vars: given.vars ?? {},
          env: given.env ?? {},
        },
        stdin: given.stdin === undefined ? undefined : Buffer.from(given.stdin as Uint8Array),
        members: [...membersOf(given.files, tree, { users: USERS, groups: GROUPS }), ...programMembers(stubs, tree), ...stubs.answers],
        stubs: [...new Set([...prepared.stubs.functions, ...stubs.functions])],
        spies: [...new Set([...prepared.stubs.spies, ...stubs.spies])].filter((name) => !stubs.byName.has(name) || stubs.spies.includes(name)),
        answer: this.answerer(session, new Map([...prepared.stubs.byName, ...stubs.byName])),
        limits: limitNumbers({ ...prepared.options.limits, ...given.limits }),
      });
      const run = judge(result, {
        verb, command, test, prepared, allow: mergeAllowances(prepared.options.allow, given.allow),
        given: stubs, files: given.files, limits: { ...prepared.options.limits, ...given.limits },
      });
      watched.run = run;
      watched.unusedStubs = [...stubs.byName.keys()].filter((name) => !run.record.calls.some((call) => call.name === name));
      return run;
    });
  }

  /** A script that lies on the host is taken in, unless the path is one of the sandbox. */
  private prepareScript(path: string): void {
    const declared = { ...this.pool.options.files, ...this.given.files };
    if (path in declared) return;
    try {
      this.pool.prepare(path);
    } catch (error) {
      // An absolute path may be there in the sandbox for another reason; the run itself will tell.
      if (!path.startsWith('/')) throw error;
      this.pool.prepare();
    }
  }

  private insidePath(path: string, tree: Tree, prepared: Prepared): string {
    if (path in (this.given.files) || tree.has(path)) return path;
    try {
      return prepared.folders.add(path).inside;
    } catch {
      return path;
    }
  }

  /** Decides what stubs that ask are answered; how often each was asked before counts within the run. */
  private answerer(session: Session, stubs: ReadonlyMap<string, Stub>): Answerer {
    const counts = new Map<string, Counts>();
    return async (id, log) => {
      const recording = readRecording(log, { started: 0, exitCode: undefined, readBig: (name) => session.readBig(name) });
      const call = recording.callById(id);
      const stub = call && stubs.get(call.name);
      if (!call || !stub) throw new Error(`shellrig bug: no stub for call ${id}`);
      const counted = counts.get(call.name) ?? new Map();
      counts.set(call.name, counted);
      const answer = await decide(stub.parts, call, counted, actorOn(session));
      if (answer.mode === 'real' && call.isFunction) throw workingFunction(call.name);
      const program = answer.mode === 'real' ? realProgram(call.name, GIVEN_STUBS) : undefined;
      const files = packFiles(answer.files, program?.copies);
      return { answer: encodeAnswer(answer, { filesPath: files ? 'slot' : '', program: program?.path }), files };
    };
  }
}

/**
 * The programs of given stubs, with the directories that they need: what is given is no change of the run's. Where a stub
 * lies already, it needs no other file, only another answer.
 */
function programMembers(stubs: StubSet, tree: Tree): TarMember[] {
  const files = Object.fromEntries(stubs.programs.filter(({ path }) => !isStub(path, tree)).map(({ path, content }) => [path, file(content, { mode: 0o755 })]));
  return membersOf(files, tree, { users: USERS, groups: GROUPS });
}

/** A script that a run is about to source; empty when there is none. */
function textAt(path: string, tree: Tree, files: FileSpecs, { hostPaths }: Prepared): string {
  const spec = files[path];
  if (typeof spec === 'string') return spec;
  if (spec?.spec === 'file') return Buffer.from((spec.content ?? '') as Uint8Array).toString();
  const entry = tree.get(path);
  const host = hostPaths.get(path);
  if (host !== undefined) return readFileSync(host, 'utf8');
  return entry?.kind === 'file' ? entry.content.toString() : '';
}
