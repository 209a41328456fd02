import type { Actor } from '../clock/actors.js';
import type { Invariant } from '../invariants/invariant.js';
import type { FileSpecs } from '../tree/entry.js';
import { fileSpecs } from '../tree/volume.js';
import type { Allowances, Given } from './options.js';
import type { UnassertedAllowance } from './unasserted.js';

/** Several givens as one; files in the one form that the tree works with. */
export interface AllGiven extends Omit<Given, 'files' | 'invariants' | 'actors'> {
  readonly files: FileSpecs;
  readonly invariants: readonly Invariant[];
  readonly actors: readonly Actor[];
}

/** Merges givens: of two that say different things of one name or path, the later counts. */
export function mergeGivens(givens: readonly Given[]): AllGiven {
  return {
    ...Object.assign({}, ...givens) as Given,
    vars: Object.assign({}, ...givens.map(({ vars }) => vars)) as NonNullable<Given['vars']>,
    env: Object.assign({}, ...givens.map(({ env }) => env)) as NonNullable<Given['env']>,
    files: Object.assign({}, ...givens.map(({ files }) => fileSpecs(files))) as FileSpecs,
    stubs: Object.assign({}, ...givens.map(({ stubs }) => stubs)) as NonNullable<Given['stubs']>,
    actors: givens.flatMap(({ actors = [] }) => actors),
    invariants: givens.flatMap(({ invariants = [] }) => invariants),
    limits: Object.assign({}, ...givens.map(({ limits }) => limits)) as NonNullable<Given['limits']>,
    allow: givens.map(({ allow }) => allow ?? {}).reduce(mergeAllowances, {}),
  };
}

/** What either allows. */
export function mergeAllowances(one: Allowances = {}, other: Allowances = {}): Allowances {
  return {
    commands: both(one.commands, other.commands),
    leftovers: both(one.leftovers, other.leftovers),
    shellErrors: both(one.shellErrors, other.shellErrors),
    realTime: both(one.realTime, other.realTime),
    broken: both(one.broken, other.broken),
    unasserted: bothUnasserted(one.unasserted, other.unasserted),
  };
}

function bothUnasserted(one: UnassertedAllowance | true = {}, other: UnassertedAllowance | true = {}): UnassertedAllowance | true {
  if (one === true || other === true) return true;
  return {
    calls: both(one.calls, other.calls),
    changes: both(one.changes, other.changes),
    stderr: both(one.stderr, other.stderr),
    ...(one.stdout === true || other.stdout === true ? { stdout: true } : {}),
  };
}

function both<Item>(one: readonly Item[] | true = [], other: readonly Item[] | true = []): readonly Item[] | true {
  return one === true || other === true ? true : [...one, ...other];
}
