import { DEFAULT_START } from '../clock/clock.js';
import { stableText } from '../diagnostics/stable-text.js';
import type { RunRecord } from '../shell/run.js';
import { parentsOf } from '../tree/compare.js';
import type { Change, Entry } from '../tree/entry.js';
import { modeText, ownerText, printEntry } from '../tree/print.js';
import { asText } from '../tree/text-difference.js';
import type { Fact } from './host-facts.js';
import { objectLiteral, stringLiteral, textLiteral } from './literals.js';
import { settledText } from './settled-text.js';

/** A file that is written out in a spec; of a larger one mode and owner are enough to read. */
const MOST_LINES = 40;
const MOST_CHARACTERS = 2000;

/** Changes that are listed; of a run that makes more, these stand for all. */
const MOST_CHANGES = 60;

/** Names that differ from run to run, told in a comment. */
const MOST_TOLD = 10;

/** The changes that two runs made, as `toHaveChangedOnly` or, where names differ, `toHaveChanged`. */
export function changeExpectations(record: RunRecord, again: RunRecord, facts: readonly Fact[], uses: Set<string>): string[] {
  const all = listed(record);
  const ofNames = facts.filter(({ isInNames }) => isInNames);
  const isDated = (path: string) => typeof settledText(path, path, ofNames) !== 'string';
  const stable = all.filter(({ path, kind }) => again.changes.get(path)?.kind === kind && !isDated(path));
  const passing = all.filter((change) => !stable.includes(change));
  const members = stable.slice(0, MOST_CHANGES).map((change) => `${stringLiteral(change.path)}: ${specOf(change, record, again, facts, uses)}`);
  const isAll = passing.length === 0 && listed(again).length === stable.length;
  if (isAll && stable.length === members.length) return [`expect(run).toHaveChangedOnly(${objectLiteral(members, '', 'expect(run).toHaveChangedOnly('.length)});`];
  const told = passing.slice(0, MOST_TOLD).map((change) => `//   ${stableText(change.after ? printEntry(change.path, change.after, record.context) : `${change.path} removed`, DEFAULT_START * 1000)}`);
  if (passing.length > told.length) told.push(`//   … and ${passing.length - told.length} more`);
  if (stable.length > members.length) told.push(`//   … and ${stable.length - members.length} more that have the same names in every run`);
  const why = passing.length === 0 ? '// It changed more than a person reads:' : '// It also changed what has another name in every run, so `toHaveChangedOnly` cannot list it:';
  return [
    ...(members.length === 0 ? [] : [`expect(run).toHaveChanged(${objectLiteral(members, '', 'expect(run).toHaveChanged('.length)});`]),
    why, ...told,
  ];
}

/** Without what the matcher implies: what lay in removed directories, and plain directories above what was created. */
function listed({ changes }: RunRecord): Change[] {
  const all = [...changes.values()];
  return all.filter((change) => {
    if (change.kind === 'removed') return !parentsOf(change.path).some((parent) => changes.get(parent)?.kind === 'removed');
    const isPlain = change.kind === 'created' && change.after?.kind === 'directory' && change.after.mode === 0o755 && change.after.owner === '0:0';
    return !isPlain || !all.some(({ path, kind }) => kind === 'created' && path.startsWith(`${change.path}/`));
  });
}

function specOf({ path, after }: Change, record: RunRecord, again: RunRecord, facts: readonly Fact[], uses: Set<string>): string {
  const other = again.changes.get(path)?.after;
  if (after === undefined || other === undefined) {
    uses.add('removed');
    return 'removed';
  }
  const attributes = attributesOf(after, other, record);
  switch (after.kind) {
    case 'file': {
      uses.add('file');
      const content = other.kind === 'file' ? contentLiteral(after.content, other.content, facts) : 'undefined';
      return `file(${content}${attributes === '{}' ? '' : `, ${attributes}`})`;
    }
    case 'symlink': {
      uses.add('symlink');
      const target = settledText(after.target, other.kind === 'symlink' ? other.target : '', facts) ?? /^/;
      return `symlink(${typeof target === 'string' ? stringLiteral(target) : String(target)})`;
    }
    case 'directory':
      uses.add('directory');
      return `directory(${attributes === '{}' ? '' : attributes})`;
    default:
      return `{ spec: '${after.kind}' }`;
  }
}

/** Mode, and owner where this machine has real ones, as far as both runs agree. */
function attributesOf(after: Entry, other: Entry, { context }: RunRecord): string {
  const members = [
    ...(after.mode === other.mode ? [`mode: 0o${modeText(after.mode).replace(/^0(?=...)/, '')}`] : []),
    ...(context.ownersAreReal && after.owner === other.owner ? [`owner: '${ownerText(after.owner, context)}'`] : []),
  ];
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function contentLiteral(content: Buffer, other: Buffer, facts: readonly Fact[]): string {
  const [text, otherText] = [asText(content), asText(other)];
  const size = `undefined /* ${content.length} bytes */`;
  if (text === undefined || otherText === undefined) return size;
  if (text.length > MOST_CHARACTERS || text.split('\n').length > MOST_LINES) return size;
  const settled = settledText(text, otherText, facts);
  if (settled === undefined) return 'undefined /* its text differs from run to run */';
  return typeof settled === 'string' ? textLiteral(settled, '  ') : String(settled);
}
