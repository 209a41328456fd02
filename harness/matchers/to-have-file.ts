import { mismatches } from '../tree/mismatches.js';
import { nearestPaths } from '../tree/nearest.js';
import { kindText, printEntry } from '../tree/print.js';
import { entrySpec, type EntrySpec } from '../tree/entry.js';
import { lookAtChanges, mismatchText, treePath, undecidableText } from './listed-files.js';
import { failure, holds, verdict, written, type MatcherContext, type Verdict } from './matcher.js';
import { receivedRun } from './received-run.js';

/**
 * `expect(run).toHaveFile(path, spec?)`: after the run this lies there, whether the run put it there or not.
 * Without a spec: a regular file (`not`: nothing at all). Links are not followed: expect `symlink(...)`.
 * @throws TypeError for `removed`, which is a change and no state.
 */
export function toHaveFile(this: MatcherContext, received: unknown, path: string, spec?: string | EntrySpec): Verdict {
  const run = receivedRun(received, 'toHaveFile');
  const { record } = run;
  const clean = treePath(path, record.after, 'toHaveFile');
  if (spec !== undefined) entrySpec(`toHaveFile: what '${path}' is expected to be`, spec);
  if (typeof spec === 'object' && spec.spec === 'removed') {
    throw new TypeError(`toHaveFile('${clean}', removed): expect(run).not.toHaveFile('${clean}') says that nothing is there, toHaveChanged({ '${clean}': removed }) that the run removed it.`);
  }
  const as = written(this.isNot, 'toHaveFile', spec === undefined ? `'${clean}'` : `'${clean}', …`);
  const entry = record.after.get(clean);
  const problem = spec === undefined ? undefined : undecidableText([{ path: clean, spec }], record);
  if (problem !== undefined) return failure(this.isNot, record, () => ({ reason: `${as}: cannot be told on this machine`, details: [problem] }));
  // Something else than a file is there: "has a file" is wrong, and "has nothing" is wrong as well.
  if (spec === undefined && entry !== undefined && entry.kind !== 'file') {
    return failure(this.isNot, record, () => ({ reason: `${as}: ${kindText(entry)} is there` }));
  }
  const found = mismatches(spec ?? { spec: 'file', content: undefined }, entry, record.context);
  const pass = found.length === 0;
  // Negated without a spec, it says that nothing is there: a removal is what it looks at.
  if (holds(this, pass) && (!this.isNot || spec === undefined)) lookAtChanges(run, [clean, treePath(path, record.before, 'toHaveFile')].map((one) => ({ path: one, spec })));
  return verdict(pass, record, () => {
    if (this.isNot) return { reason: `${as}: it is there`, details: [printEntry(clean, entry!, record.context)] };
    if (entry !== undefined) return { reason: `${as}: it is not as expected`, details: [mismatchText(clean, found)] };
    const near = nearestPaths(clean, record.after);
    return { reason: `${as}: nothing is there`, details: near.length === 0 ? [] : [`nearest:\n${near.map((one) => `  ${one}`).join('\n')}`] };
  });
}
