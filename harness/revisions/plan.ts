import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptSet } from '../shell/script-sets.js';

/**
 * What a run of revisions is to do: each test runs once with each revision that names it, all in one vitest run. Told to
 * vitest's workers through a file, whose path is in {@link PLAN_VARIABLE}.
 */
export interface Plan {
  /** A folder for this run alone: the plan lies in it, and marks of what has been decided. */
  readonly folder: string;
  readonly revisions: readonly Revision[];
  /** Whether a revision is done with once one test has failed with it. */
  readonly stopAtFirstFailure: boolean;
  /** What to keep of each run beside its verdict. */
  readonly keep: 'nothing' | 'effects' | 'executed';
}

/** The scripts in one state. */
export interface Revision {
  readonly id: string;
  readonly sets: readonly ScriptSet[];
  /** Tests to run with it, by {@link testKey}; undefined for all. */
  readonly tests: readonly string[] | undefined;
}

/** What came of one test with one revision; the runner leaves them in the test's meta. */
export interface Outcome {
  readonly revision: string;
  readonly state: 'passed' | 'failed';
  /** Of the errors of a failure, with the difference that vitest shows below. */
  readonly messages: readonly string[];
  /** Of each of the test's runs, when the plan keeps them. */
  readonly effects: readonly string[];
  /** What the test's runs executed, when the plan keeps it. */
  readonly executed: Executed;
  /** Milliseconds. */
  readonly duration: number;
}

/** By a script's path on the host, the lines and functions of it that ran. */
export type Executed = Readonly<Record<string, { readonly lines: readonly number[]; readonly functions: readonly string[] }>>;

/** The environment variable that names a plan's file. */
export const PLAN_VARIABLE = 'SHELLRIG_REVISIONS';

/** A test by the file that holds it (absolute path) and its full name. */
export function testKey(file: string, name: string): string {
  return `${file} > ${name}`;
}

/** Writes a plan into its folder. @returns the file's path. */
export function writePlan(plan: Plan): string {
  const file = join(plan.folder, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}

/** The plan of this process. @throws Error without one. */
export function readPlan(): Plan {
  const file = process.env[PLAN_VARIABLE];
  if (file === undefined) throw new Error(`shellrig bug: ${PLAN_VARIABLE} is not set`);
  return JSON.parse(readFileSync(file, 'utf8')) as Plan;
}

/** Whether some worker has found a revision to fail. */
export function isDecided(plan: Plan, revision: Revision): boolean {
  return existsSync(markOf(plan, revision));
}

/** Tells all workers that a revision fails. */
export function decide(plan: Plan, revision: Revision): void {
  writeFileSync(markOf(plan, revision), '');
}

function markOf(plan: Plan, revision: Revision): string {
  return join(plan.folder, `failed-${plan.revisions.findIndex(({ id }) => id === revision.id)}`);
}
