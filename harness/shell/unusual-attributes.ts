import type { Change } from '../tree/entry.js';
import type { RunRecord } from './run.js';

/** What a path has beside its content. */
export type Attribute = 'mode' | 'owner';

/**
 * What a run gave a path that nobody expects who names neither mode nor owner: a mode other than 0644 or 0755, a directory's
 * other than 0755, an owner other than root:root, unless it was so before. Of links and of what was removed: nothing.
 */
export function unusualAttributes({ before, after }: Change, { context }: Pick<RunRecord, 'context'>): Attribute[] {
  if (after?.kind !== 'file' && after?.kind !== 'directory') return [];
  const old = before?.kind === after.kind ? before : undefined;
  const isUsual = after.mode === 0o755 || (after.kind === 'file' && after.mode === 0o644);
  const unusual: Attribute[] = [];
  if (!isUsual && after.mode !== old?.mode) unusual.push('mode');
  // Where owners are not real, no expectation could name them.
  if (after.owner !== '0:0' && after.owner !== old?.owner && context.ownersAreReal) unusual.push('owner');
  return unusual;
}
