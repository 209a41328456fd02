import type { Change, Entry } from '../tree/entry.js';
import { kindText, modeText, ownerText, printEntry, type Names } from '../tree/print.js';
import { asText, textDifference } from '../tree/text-difference.js';

/** How the changes of a tree are told. */
export interface TreeTextOptions {
  readonly names: Names;
  /** Mode and owner of every path, or only of those that are not 0644/0755 and root:root. */
  readonly attributes: 'always' | 'unusual';
  /** Changes told; the rest is counted. Default: all. */
  readonly most?: number;
}

/**
 * Changes, one a line: `+` created, `~` modified (with the difference of its text), `-` removed. What lay in a
 * removed directory is counted on the directory's line.
 */
export function treeText(changes: Iterable<Change>, options: TreeTextOptions): string {
  const all = [...changes];
  const told = all.filter((change) => change.kind !== 'removed' || !all.some((other) => isBelowRemoved(change, other)));
  const shown = told.slice(0, options.most ?? Infinity).map((change) => changeText(change, all, options));
  if (shown.length < told.length) shown.push(`… ${told.length - shown.length} more changes`);
  return shown.join('\n');
}

function changeText(change: Change, all: readonly Change[], options: TreeTextOptions): string {
  if (change.kind === 'created') return `+ ${created(change.path, change.after!, options)}`;
  if (change.kind === 'removed') {
    const below = all.filter((other) => isBelowRemoved(other, change)).length;
    const slash = change.before!.kind === 'directory' ? '/' : '';
    return `- ${change.path}${slash}${below === 0 ? '' : ` and ${below} below it`}`;
  }
  return `~ ${modified(change.path, change.before!, change.after!, options)}`;
}

function created(path: string, entry: Entry, { names, attributes }: TreeTextOptions): string {
  const full = printEntry(path, entry, names);
  if (attributes === 'always' || entry.kind === 'symlink') return full;
  const usual = entry.kind === 'directory' ? 0o755 : 0o644;
  return entry.mode === usual && entry.owner === '0:0' ? full.replace(` ${modeText(usual)} ${ownerText('0:0', names)}`, '') : full;
}

function modified(path: string, before: Entry, after: Entry, options: TreeTextOptions): string {
  if (before.kind !== after.kind) return `${created(path, after, options)}   was ${kindText(before)}`;
  const { names } = options;
  const parts = [path + (after.kind === 'directory' ? '/' : '')];
  if (before.mode !== after.mode && after.kind !== 'symlink') parts.push(`mode ${modeText(before.mode)} -> ${modeText(after.mode)}`);
  if (before.owner !== after.owner) parts.push(`owner ${ownerText(before.owner, names)} -> ${ownerText(after.owner, names)}`);
  if (before.kind === 'symlink' && after.kind === 'symlink' && before.target !== after.target) parts.push(`target ${before.target} -> ${after.target}`);
  if (before.kind === 'file' && after.kind === 'file' && !before.content.equals(after.content)) {
    const [old, now] = [asText(before.content), asText(after.content)];
    const difference = old === undefined || now === undefined ? undefined : textDifference(old, now);
    if (difference !== undefined) return `${parts.join('   ')}\n${difference.replace(/^(?=.)/gm, '    ')}`;
    parts.push(`${before.content.length} -> ${after.content.length} B`);
  }
  return parts.join('   ');
}

function isBelowRemoved(change: Change, other: Change): boolean {
  return change.kind === 'removed' && other.kind === 'removed' && other.before!.kind === 'directory' && change.path.startsWith(`${other.path}/`);
}
