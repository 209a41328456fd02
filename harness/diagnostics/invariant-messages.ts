import type { BrokenInvariant } from '../invariants/invariant.js';
import type { RunRecord } from '../shell/run.js';
import { report, type Failure } from './report.js';
import { StrictError } from './strict-error.js';
import { indented } from './where.js';

/** A run broke invariants that were declared of it. @param broken at least one. */
export function brokenInvariants(record: RunRecord, broken: readonly BrokenInvariant[]): StrictError {
  const names = [...new Set(broken.map(({ invariant }) => `'${invariant.name.split('(', 1)[0]}'`))].join(', ');
  const failure = brokenFailure('A declared invariant does not hold', broken);
  const last = `If this one run may break ${broken.length === 1 ? 'it' : 'them'}:\n  allow: { broken: [${names}] }`;
  return new StrictError('broken-invariant', report(record, { ...failure, details: [...(failure.details ?? []), last] }));
}

/** The same as a failed expectation tells it. @param as the expectation as written. */
export function brokenFailure(as: string, broken: readonly BrokenInvariant[]): Failure {
  const [first] = broken as readonly [BrokenInvariant, ...BrokenInvariant[]];
  if (broken.length === 1) return { reason: `${as}: ${textOf(first)}`, details: detailsOf(first), place: first.broken.place };
  return {
    reason: `${as}: ${broken.length} do not`,
    details: broken.map((one) => [textOf(one), ...detailsOf(one).map(indented)].join('\n\n')),
    place: first.broken.place,
  };
}

function textOf({ invariant, broken }: BrokenInvariant): string {
  return `${invariant.name}: ${broken.reason}`;
}

function detailsOf({ broken }: BrokenInvariant): string[] {
  return [...(broken.details ?? []), broken.advice].filter((detail) => detail !== undefined && detail !== '') as string[];
}
