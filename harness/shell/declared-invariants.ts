import type { Invariant } from '../invariants/invariant.js';
import type { Tree } from '../tree/entry.js';
import { canonicalPath, entryOf } from '../tree/specs.js';
import type { TarMember } from '../tree/tar.js';
import { mergeAllowances } from './givens.js';
import type { Allowances } from './options.js';

interface Declares {
  readonly invariants?: readonly Invariant[];
  readonly allow?: Allowances;
}

/** What a run's shell and its givens declare, but for what either allows to be broken. */
export function declaredInvariants(shell: Declares, given: Declares): Invariant[] {
  const all = [...(shell.invariants ?? []), ...(given.invariants ?? [])];
  const { broken = [] } = mergeAllowances(shell.allow, given.allow);
  return broken === true ? [] : all.filter(({ name }) => !broken.some((allowed) => name === allowed || name.startsWith(`${allowed}(`)));
}

/** What the guard has room for (guard/witness.h). */
const MOST_BYTES = 8000;

/** The paths that some invariants want witnessed, as the tree in which a run begins spells them. */
export function witnessedPaths(invariants: readonly Invariant[], tree: Tree, members: readonly TarMember[]): string[] {
  const paths = new Set(invariants.flatMap(({ witness = [] }) => witness));
  if (paths.size === 0) return [];
  const given: Tree = new Map([...tree, ...members.map((member) => [member.path, entryOf(member)] as const)]);
  const all = [...new Set([...paths].map((path) => canonicalPath(path, given)))];
  if (Buffer.byteLength(all.join('\0')) > MOST_BYTES) throw new Error(`invariants: a run can witness ${MOST_BYTES} bytes of paths, and these ${all.length} are longer; declare them of several runs`);
  return all;
}
