import { printed } from '../diagnostics/printed.js';
import type { RunContext } from '../shell/run.js';
import type { AsymmetricMatcher, Content, Entry, EntrySpec, FileEntry } from './entry.js';
import { kindText, modeText, ownerText } from './print.js';
import { asText, textDifference } from './text-difference.js';

/** What the sandbox's machine knows of owners. */
export type OwnerFacts = Pick<RunContext, 'ownersAreReal' | 'ownersAdvice' | 'users' | 'groups'>;

/** Text that is shown whole in a message. */
const SHORT = 60;

/**
 * How an entry differs from what a spec expects of it: kind, content or target, mode, owner; what the spec
 * leaves out is not compared.
 * @param spec a bare string is a file with that text; `removed` expects nothing to be there.
 * @param entry what lies at the path, undefined for nothing.
 * @returns one text a difference, none when all is as expected.
 */
export function mismatches(spec: string | EntrySpec, entry: Entry | undefined, facts: OwnerFacts): string[] {
  const expected: EntrySpec = typeof spec === 'string' ? { spec: 'file', content: spec } : spec;
  if (expected.spec === 'removed') return entry === undefined ? [] : [`expected nothing, found ${kindText(entry)}`];
  if (entry === undefined) return [`expected a ${expected.spec}, found nothing`];
  if (entry.kind !== expected.spec) return [`expected a ${expected.spec}, found ${kindText(entry)}`];
  const found: (string | undefined)[] = [];
  if (expected.spec === 'file') found.push(contentMismatch(expected.content, expected.from, entry as FileEntry));
  if (expected.spec === 'symlink' && entry.kind === 'symlink' && !matchesText(expected.target, entry.target)) {
    found.push(`target: expected ${printContent(expected.target)}, found ${printContent(entry.target)}`);
  }
  if ('mode' in expected && expected.mode !== undefined && expected.mode !== entry.mode) {
    found.push(`mode: expected ${modeText(expected.mode)}, found ${modeText(entry.mode)}`);
  }
  if ('owner' in expected && expected.owner !== undefined) found.push(ownerMismatch(expected.owner, entry, facts));
  return found.filter((text) => text !== undefined);
}

/**
 * Why an expectation can be neither met nor missed on this machine: its owner cannot be told. Matchers fail
 * with this text in both polarities, so that nothing passes by luck.
 */
export function undecidable(spec: string | EntrySpec, facts: OwnerFacts): string | undefined {
  if (typeof spec === 'string' || !('owner' in spec) || spec.owner === undefined) return undefined;
  if (!facts.ownersAreReal) return `owners are not real on this machine: ${facts.ownersAdvice}`;
  const resolved = resolveOwner(spec.owner, facts);
  return resolved.owner === undefined ? resolved.problem : undefined;
}

/** Resolves `user:group`, by name or number, to numbers. */
function resolveOwner(owner: string, facts: OwnerFacts): { owner: string; problem?: never } | { owner?: never; problem: string } {
  const [user, group, ...rest] = owner.split(':');
  if (!user || !group || rest.length > 0) return { problem: `owner: '${owner}' is not of the form user:group` };
  const uid = /^\d+$/.test(user) ? Number(user) : facts.users.get(user);
  const gid = /^\d+$/.test(group) ? Number(group) : facts.groups.get(group);
  if (uid === undefined) return { problem: `owner: the sandbox knows no user '${user}'` };
  if (gid === undefined) return { problem: `owner: the sandbox knows no group '${group}'` };
  return { owner: `${uid}:${gid}` };
}

function ownerMismatch(owner: string, entry: Entry, facts: OwnerFacts): string | undefined {
  const problem = undecidable({ spec: 'file', content: undefined, owner }, facts);
  if (problem !== undefined) return problem;
  if (resolveOwner(owner, facts).owner === entry.owner) return undefined;
  return `owner: expected ${owner}, found ${ownerText(entry.owner, facts)}`;
}

function contentMismatch(expected: Content | undefined, from: string | undefined, entry: FileEntry): string | undefined {
  if (expected === undefined) return undefined;
  if (expected instanceof Uint8Array) return bytesMismatch(expected, from, entry.content);
  const text = asText(entry.content);
  if (typeof expected !== 'string') {
    if (matchesText(expected, entry.content.toString('utf8'))) return undefined;
    return `content: expected ${printContent(expected)}, found ${printFound(entry.content)}`;
  }
  if (text === undefined) return bytesMismatch(Buffer.from(expected), undefined, entry.content);
  if (text === expected) return undefined;
  const isShort = text.length <= SHORT && expected.length <= SHORT && !/\n./.test(text + expected);
  if (isShort) return `content: expected ${printContent(expected)}, found ${printContent(text)}`;
  const difference = textDifference(expected, text);
  if (difference === undefined) return bytesMismatch(Buffer.from(expected), undefined, entry.content);
  return `content (- expected, + found):\n${difference.replace(/^(?=.)/gm, '  ')}`;
}

function bytesMismatch(expected: Uint8Array, from: string | undefined, found: Buffer): string | undefined {
  if (found.equals(expected)) return undefined;
  const first = expected.findIndex((byte, index) => byte !== found[index]);
  const at = first === -1 ? expected.length : first;
  const source = from === undefined ? '' : ` (the bytes of ${from.replace(/^.*\//, '')})`;
  return `content: expected ${expected.length} B${source}, found ${found.length} B; they differ from byte ${at} on`;
}

function printFound(content: Buffer): string {
  const text = asText(content);
  return text === undefined ? `${content.length} B that are not text` : printContent(text);
}

/** A content as a spec would write it; long text is cut. */
function printContent(content: Content): string {
  if (content === '') return 'nothing (empty)';
  if (typeof content !== 'string' || content.length <= 300) return printed(content);
  return `${printed(content.slice(0, 300))}… (${content.length} characters)`;
}

function matchesText(expected: string | RegExp | AsymmetricMatcher, text: string): boolean {
  if (typeof expected === 'string') return expected === text;
  if (expected instanceof RegExp) return new RegExp(expected.source, expected.flags.replace(/[gy]/g, '')).test(text);
  return expected.asymmetricMatch(text);
}
