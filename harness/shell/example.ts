import { readFileSync } from 'node:fs';
import { Schedule, type Acting, type ActorWorld } from '../clock/actors.js';
import { startAfter } from '../clock/clock.js';
import { packFiles, realProgram, StubSet, workingFunction, type Behind } from './stub-set.js';
import { TreePrograms } from './tree-programs.js';
import { canonicalPath, entryOf, membersOf } from '../tree/specs.js';
import { GIVEN_STUBS, RIG } from '../sandbox/places.js';
import { GROUPS, USERS } from '../sandbox/baseline.js';
import { limitNumbers } from '../sandbox/limits.js';
import { decide, type Counts } from '../stubs/decide.js';
import { encodeAnswer } from '../stubs/answers.js';
import type { Stub } from '../stubs/stub.js';
import type { Supervision } from '../stubs/supervisor.js';
import { rejectCrlf } from '../diagnostics/line-ends.js';
import { fromHere } from '../diagnostics/place.js';
import { placedAt, specPlace } from '../diagnostics/spec-place.js';
import { StrictError } from '../diagnostics/strict-error.js';
import { recordDamaged } from '../diagnostics/strict-messages.js';
import { file, type FileSpecs, type Tree } from '../tree/entry.js';
import { existsBelow } from '../tree/below.js';
import type { TarMember } from '../tree/tar.js';
import { requireAwaitedRecorded } from './awaited-calls.js';
import { actingWorldOf, listen, worldOf } from './actor.js';
import { declaredInvariants, witnessedPaths } from './declared-invariants.js';
import { currentDisturbance, type Disturbance } from './disturbance.js';
import { mergeAllowances, mergeGivens, type AllGiven } from './givens.js';
import type { Given } from './options.js';
import { freshReason } from './fresh.js';
import { Interposer, type Interposed } from './interposer.js';
import { judge } from './judge.js';
import { encodeMoments } from './moments.js';
import { withoutPlaceholders } from './placeholders.js';
import { DamagedLog, type RunRequest } from './protocol.js';
import { isStub } from './recorded.js';
import { RunPromise } from './run-promise.js';
import type { Run, RunContext, RunRecord } from './run.js';
import type { Prepared, SessionPool } from './session-pool.js';
import { isScript } from './scripts.js';
import type { Session } from './session.js';
import type { Answerer } from './session-work.js';
import { RunningRecording } from '../steps/running-recording.js';
import { superviseWith, together, type Supervised } from './supervision.js';
import { towards } from './towards.js';
import { currentTest, watchRun, type WatchedRun } from './test-watch.js';

type Verb = RunRequest['verb'];

const NO_MOMENTS = new Uint8Array();

/** One run in the making: the shell and all that was given. */
export class Example {
  private readonly pool: SessionPool;
  private readonly given: AllGiven;
  private readonly placeholders: readonly string[];

  constructor(pool: SessionPool, givens: readonly Given[]) {
    this.pool = pool;
    ({ options: this.given, places: this.placeholders } = withoutPlaceholders(mergeGivens(givens)));
  }

  /** Starts the run; several may be under way, they queue. */
  start(verb: Verb, command: readonly string[]): RunPromise {
    const test = currentTest();
    const disturbance = currentDisturbance();
    if (disturbance) return RunPromise.of(this.disturbed(disturbance, verb, command, test));
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

  /** A run of a sweep's. */
  private async disturbed(disturbance: Disturbance, verb: Verb, command: readonly string[], test: ReturnType<typeof currentTest>): Promise<Run> {
    if (verb !== 'call') this.prepareScript(command[0] ?? '');
    disturbance.declared?.(declaredInvariants(this.pool.options, this.given));
    const { tree, allow, limits, interposed } = disturbance;
    if (interposed && this.pool.prepare().session.clock === undefined) throw new Error("a sweep of moments needs a clock that stands while somebody acts: defineShell({ clock: 'virtual' })");
    const given = { ...this.given, ...(tree && { files: {}, tree }), allow: mergeAllowances(this.given.allow, allow), limits: { ...this.given.limits, ...limits } };
    return this.once(verb, command, test && { ...test, value: disturbance.value }, given);
  }

  private async run(verb: Verb, command: readonly string[], test: ReturnType<typeof currentTest>, watched: WatchedRun): Promise<Run> {
    const [first = ''] = command;
    if (verb !== 'call') this.prepareScript(first);
    const run = await this.once(verb, command, test, this.given, watched);
    const invariants = declaredInvariants(this.pool.options, this.given);
    if (invariants.some(({ again }) => again === true)) await this.onceMore(run, verb, command, test);
    Object.assign(watched, { run, invariants });
    return run;
  }

  /** The same on what a run left; what it was given is there, as far as it is still there. */
  private async onceMore(run: Run, verb: Verb, command: readonly string[], test: ReturnType<typeof currentTest>): Promise<void> {
    try {
      const second = await this.once(verb, command, test, { ...this.given, files: {}, tree: run.record.after }, undefined, startAfter(run.record));
      (run.record as { again?: RunRecord }).again = second.record;
    } catch (error) {
      if (!(error instanceof StrictError)) throw error;
      throw new StrictError(error.code, `${error.message}\n\n  This was the second run, on what the first left, which an invariant asks for.`);
    }
  }

  private once(verb: Verb, command: readonly string[], test: RunContext['test'], given: AllGiven, watched?: WatchedRun, later?: number): Promise<Run> {
    const [first = '', ...words] = command;
    const disturbance = currentDisturbance();
    const start = later ?? disturbance?.start;
    return this.pool.use(async (session, prepared) => {
      const kept = session.tree();
      const tree = given.tree ?? kept;
      const other = given.tree ? towards(given.tree, kept) : { members: [], without: [] };
      const files = membersOf(given.files, tree, { users: USERS, groups: GROUPS });
      const behind = this.behind(files, tree, prepared);
      const stubs = StubSet.of({ ...this.stubsInFrontOf(files, behind, prepared), ...given.stubs }, prepared.functions, GIVEN_STUBS, behind);
      const inside = verb === 'call' ? first : this.insidePath(first, tree, prepared);
      const text = verb === 'call' ? '' : textAt(inside, tree, given.files, prepared);
      const host = inside in given.files ? undefined : prepared.hostPaths.get(inside);
      rejectCrlf(text, host === undefined ? inside : fromHere(host), host && fromHere(host));
      const members = [...other.members, ...files, ...programMembers(stubs, tree, kept, files), ...stubs.answers];
      const inEffect = new Map([...prepared.stubs.byName, ...stubs.byName]);
      requireAwaitedRecorded(given.actors, new Set(inEffect.keys()), prepared.toolNames);
      const supervision = superviseWith(inEffect, session, () => new Map([...tree, ...files.map((member) => [member.path, entryOf(member)] as const)]));
      const recording = new RunningRecording((from) => session.log(from), { started: session.inside().started / 1000, readBig: (name) => session.readBig(name) });
      const invariants = declaredInvariants(prepared.options, given);
      const executed = disturbance?.isWitnessed !== false && invariants.some((invariant) => invariant.executed === true);
      const result = await session.run({
        request: {
          verb,
          command: [inside, ...words],
          process: given.process ?? (freshReason(verb, command, prepared.scripts, verb === 'source' ? text : '', start !== undefined) ? 'fresh' : 'fork'),
          cwd: given.cwd ?? '/',
          vars: given.vars ?? {},
          env: given.env ?? {},
        },
        stdin: given.stdin === undefined ? undefined : Buffer.from(given.stdin as Uint8Array),
        without: other.without, members,
        stubs: [...new Set([...prepared.stubs.functions, ...stubs.functions])],
        spies: [...new Set([...prepared.stubs.spies, ...stubs.spies])].filter((name) => !stubs.byName.has(name) || stubs.spies.includes(name)),
        witness: disturbance?.isWitnessed === false ? [] : witnessedPaths(invariants, tree, members),
        moments: disturbance?.moments ? encodeMoments(disturbance.moments) : NO_MOMENTS,
        executed,
        schedule: together(this.schedule(session, recording, disturbance?.interposed, supervision), supervision?.work),
        hear: (words) => supervision?.work.hear(words),
        owns: (pid) => supervision?.work.owns(pid) ?? false,
        answer: this.answerer(session, recording, inEffect, behind, supervision?.work),
        limits: limitNumbers({ ...prepared.options.limits, ...given.limits }),
        start: start ?? prepared.session.clock,
      });
      const allow = mergeAllowances(prepared.options.allow, given.allow);
      const run = judge(result, {
        verb, command, test, prepared, allow, executed, reports: new Map(supervision && [[supervision.name, supervision.work.end()]]),
        placeholders: this.placeholders, given: stubs, files: given.files, variables: { ...given.env, ...given.vars }, limits: { ...prepared.options.limits, ...given.limits },
      });
      if (watched) watched.allow = allow;
      if (watched) watched.unusedStubs = unusedOf(given.stubs ?? {}, run);
      return run;
    }, disturbance?.lane);
  }

  /** What stubs take the place of in this run: programs of the shell's files, and of those given. */
  private behind(files: readonly TarMember[], tree: Tree, prepared: Prepared): Behind {
    const programs = TreePrograms.of(files, tree, prepared.programs);
    const path = this.given.env?.['PATH'] ?? prepared.options.env?.['PATH'];
    return (name) => programs.behind(name, path);
  }

  /** The shell's stubs that would not be met any more: what was given now holds a program of their name. */
  private stubsInFrontOf(files: readonly TarMember[], behind: Behind, { stubs, functions }: Prepared): Record<string, Stub> {
    if (files.length === 0 && this.given.env?.['PATH'] === undefined) return {};
    const there = new Set(stubs.programs.map(({ path }) => path));
    const given = new Set(files.map(({ path }) => path));
    return Object.fromEntries([...stubs.byName].filter(([name]) => !functions.any.has(name) && behind(name).some(({ path }) => given.has(path) || !there.has(path))));
  }

  /** A script that lies on the host is taken in, unless the path is one of the sandbox. */
  private prepareScript(path: string): void {
    const declared = { ...this.pool.options.files, ...this.given.files };
    if (path in declared) return;
    // An absolute path may be there in the sandbox for another reason; the run itself will tell.
    this.pool.prepare(path.startsWith('/') && !isScript(path) ? undefined : path);
  }

  private insidePath(path: string, tree: Tree, prepared: Prepared): string {
    const canonical = canonicalPath(path, tree);
    const isInside = path in this.given.files || canonical in this.given.files || tree.has(canonical) || path.startsWith(`${RIG}/`);
    // Of a path that is on neither side, this tells.
    if (!isInside) return prepared.folders.add(path).inside;
    return prepared.hostPaths.has(canonical) ? canonical : path;
  }

  /** The actors of one run. */
  private schedule(session: Session, recording: RunningRecording, interposed: Interposed | undefined, supervision: Supervised | undefined): Acting {
    const world = { ...actingWorldOf(session), listen: (where: Parameters<ActorWorld['listen']>[0], reply?: string | Uint8Array) => listen(session, where, reply) };
    const schedule = new Schedule(this.given.actors, world, () => ({
      calls: recording.calls(),
      exists: (path) => existsBelow(session.inside().root, path),
      stateOf: (supervisor, name) => (supervision?.name === supervisor ? supervision.work.stateOf(name) : undefined),
    }), (deed, time) => session.note({ kind: 'acted', time, deed }));
    return interposed ? new Interposer(schedule, interposed, world, () => session.talk) : schedule;
  }

  /** Decides what stubs that ask are answered; how often each was asked before counts within the run. */
  private answerer(session: Session, recording: RunningRecording, stubs: ReadonlyMap<string, Stub>, behind: Behind, supervision: Supervision | undefined): Answerer {
    const counts = new Map<string, Counts>();
    return async (id, unpack) => {
      const call = recording.callById(id);
      const stub = call && stubs.get(call.name);
      if (!call || !stub) throw new Error(`shellrig bug: no stub for call ${id}`);
      const counted = counts.get(call.name) ?? new Map();
      counts.set(call.name, counted);
      const answer = await decide(stub.parts, call, counted, worldOf(session, unpack), (asking) => supervision?.answer(asking) ?? { mode: 'bash', text: '' });
      if (answer.mode === 'real' && call.isFunction) throw workingFunction(call.name);
      const program = answer.mode === 'real' ? realProgram(call.name, GIVEN_STUBS, behind(call.name)[0]) : undefined;
      const files = packFiles(answer.files, program?.copies);
      return { answer: encodeAnswer(answer, { filesPath: files ? 'slot' : '', program: program?.path }), files };
    };
  }
}

/** The given stubs that nobody called; of those that a supervisor answers, one that was called is enough. */
function unusedOf(stubs: Readonly<Record<string, Stub>>, run: Run): string[] {
  const called = new Set(run.record.calls.map(({ name }) => name));
  const supervisors = new Set(Object.entries(stubs).flatMap(([name, { parts }]) => (called.has(name) && parts.supervisor ? [parts.supervisor] : [])));
  return Object.entries(stubs).flatMap(([name, { parts }]) => (called.has(name) || (parts.supervisor && supervisors.has(parts.supervisor)) ? [] : [name]));
}

/**
 * The programs of given stubs, with the directories that they need: what is given is no change of the run's. Where a stub
 * lies already, it needs no other file, only another answer.
 * @param kept what lies in the sandbox, where `tree` is not that.
 */
function programMembers(stubs: StubSet, tree: Tree, kept: Tree, given: readonly TarMember[]): TarMember[] {
  const replaced = new Set(given.map(({ path }) => path));
  const missing = stubs.programs.filter(({ path }) => replaced.has(path) || !isStub(path, kept) || !tree.has(path));
  const files = Object.fromEntries(missing.map(({ path, content }) => [path, file(content, { mode: 0o755 })]));
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
