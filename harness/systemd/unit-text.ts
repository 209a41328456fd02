import { didYouMean } from '../diagnostics/suggest.js';
import { ACCEPTED, IGNORED_PREFIX, LEFT_OUT, OBEYED } from './directives.js';
import { problem } from './problem.js';

/** One line `Key=value` of a unit file. */
export interface Setting {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** `FILE:LINE`. */
  readonly place: string;
}

/**
 * Reads a unit file or drop-in, as systemd.syntax(7) says.
 * @param path for messages. @param type of the unit: `service`.
 * @throws StrictError for sections and directives that systemd does not have in such a unit, or the stand-in does not do.
 */
export function parseUnit(text: string, path: string, type: string): Setting[] {
  const settings: Setting[] = [];
  let section = '';
  for (const { line, number } of joinedLines(text)) {
    const place = `${path}:${number}`;
    const [, header] = /^\[(.*)\]$/.exec(line) ?? [];
    if (header !== undefined) {
      section = header;
      if (!header.startsWith(IGNORED_PREFIX)) knownSection(header, type, place);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals <= 0) throw problem(place, `neither a section, [Name], nor a directive, Name=value: ${line}`);
    if (section === '') throw problem(place, `${line.slice(0, equals)}= stands before the first section`);
    if (section.startsWith(IGNORED_PREFIX)) continue;
    const key = line.slice(0, equals).trim();
    if (key.startsWith(IGNORED_PREFIX)) continue;
    knownDirective(section, key, place);
    settings.push({ section, key, value: line.slice(equals + 1).trim(), place });
  }
  return settings;
}

/** Lines without comments, those that end in a backslash joined to the next. */
function joinedLines(text: string): { line: string; number: number }[] {
  const joined: { line: string; number: number }[] = [];
  let open: { line: string; number: number } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '').trim();
    if (/^[#;]/.test(line) || (line === '' && !open)) continue;
    const continues = line.endsWith('\\');
    const part = continues ? `${line.slice(0, -1)} ` : line;
    if (open) open.line += part;
    else joined.push((open = { line: part, number: index + 1 }));
    if (!continues) {
      open.line = open.line.trim();
      open = undefined;
    }
  }
  return joined;
}

function knownSection(section: string, type: string, place: string): void {
  const own = type[0]?.toUpperCase() + type.slice(1);
  const known = ['Unit', 'Install', ...(own in OBEYED && own !== 'Target' ? [own] : [])];
  if (!known.includes(section)) throw problem(place, `a ${type} has no section [${section}].${didYouMean(section, known)}`);
}

function knownDirective(section: string, key: string, place: string): void {
  const obeyed = OBEYED[section] ?? new Set();
  const accepted = ACCEPTED[section] ?? new Set();
  if (obeyed.has(key) || accepted.has(key)) return;
  if (LEFT_OUT[section]?.has(key) === true) throw problem(place, `${key}= is known to systemd, but the stand-in does not do what it says, so a run would show less than a machine does`);
  throw problem(place, `systemd has no directive ${key}= in [${section}].${didYouMean(key, [...obeyed, ...accepted])}`);
}
