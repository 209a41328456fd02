import { literalPattern } from '../diagnostics/literal-pattern.js';
import { scriptLines } from '../diagnostics/script-text.js';
import type { RunRecord } from '../shell/run.js';
import type { Change } from '../tree/entry.js';
import { canonicalPath } from '../tree/specs.js';

/**
 * Tells the temporary files that a run made by their names: those of half-made files, with a random end, with the number
 * of a process, or copies that were to be something's new or old version. What `mktemp` and `sed -i` were asked for is
 * known where the run records every program, and guessed otherwise.
 */
export function halfMadeIn(record: RunRecord): (change: Change) => boolean {
  const asked = askedFor(record);
  let saysPid: boolean | undefined;
  return ({ path, after }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (HALF_MADE.test(name) || RANDOM.some((pattern) => pattern.test(name)) || asked.some((matches) => matches(path))) return true;
    const isPrivate = after?.mode === 0o600 || after?.mode === 0o700;
    if (isPrivate && PERHAPS_RANDOM.test(name)) return true;
    const [, ofWhat = '', end = ''] = /^(.+)[._-]([^._-]+)$/.exec(path) ?? [];
    const isBeside = record.before.has(ofWhat) || record.after.has(ofWhat);
    if (isBeside && /^(?:bak|new)$/.test(end)) return true;
    if ((isBeside || isPrivate) && MIXED.test(end) && !WORDS.test(end)) return true;
    // `agent-1.34.1` ends in a version.
    if (/\d\.\d+$/.test(path)) return false;
    // In a call `$$` is process 1, from which the shell was forked, unless the scripts ask for it.
    return /^\d+$/.test(end) && (record.processes.has(Number(end)) || (end === '1' && record.context.verb !== 'exec')) && (saysPid ??= namesPid(record));
  };
}

/** Names of half-made files: `x.tmp`, `tmp.aB3dE6gH9k`, `x.part`, `x~`, `.x.swp`, `x.dpkg-new`. */
const HALF_MADE = /^tmp\.|\.tmp(?:$|[.-])|\.temp$|\.part(?:ial)?$|\.crdownload$|~$|\.sw[op]$|\.dpkg-(?:new|tmp)$|^\.#/i;

/** Names that `mktemp`, `sed -i` and rsync make: a hidden name, or sed's, with a random end that no word is. */
const RANDOM = [/^\..+[._-](?!(?:[a-z]+|[A-Z]+|\d+|[A-Z][a-z]+)$)[A-Za-z0-9]{6,}$/, /^sed(?=.*[A-Z])[A-Za-z0-9]{6}$/];

/** What a random end may be once in a hundred times: letters of one case. Then the mode that `mktemp` gives decides. */
const PERHAPS_RANDOM = /^(?:\..+[._-]|sed)(?:[A-Za-z0-9]{6}|[A-Za-z0-9]{8}|[A-Za-z0-9]{10})$/;

/** A random end of a name that is not hidden: one without capitals may be a word, a version or the name of a cipher. */
const MIXED = /^(?=.*[A-Z])(?=.*[a-z0-9])[A-Za-z0-9]{6,12}$/;
const WORDS = /^(?:[A-Z][a-z]+|(?:[A-Z][a-z]{2,}){2,})$/;

/** What `mktemp` makes of its templates, and `sed -i.bak` of its files. */
function askedFor({ executed = [], calls, before }: RunRecord): ((path: string) => boolean)[] {
  const programs = [...executed.map(({ argv }) => argv), ...calls.filter(({ isFunction }) => !isFunction).map(({ name, args }) => [name, ...args])];
  return programs.flatMap(([name = '', ...args]) => {
    const program = name.slice(name.lastIndexOf('/') + 1);
    if (program === 'mktemp') return args.filter((word) => /X{3}/.test(word) && !word.startsWith('-')).flatMap((template) => matchesTemplate(template, before) ?? []);
    if (program !== 'sed') return [];
    const ends = args.flatMap((word) => /^(?:-[Enrsz]*i|--in-place=)(.+)$/.exec(word)?.[1] ?? []).filter((end) => !/[*/]/.test(end));
    return ends.map((end) => (path: string) => path.endsWith(end) && before.has(path.slice(0, -end.length)));
  });
}

function matchesTemplate(template: string, before: RunRecord['before']): ((path: string) => boolean) | undefined {
  const path = template.startsWith('/') ? canonicalPath(template, before) : template;
  const [, start = '', random = '', suffix = ''] = /^(.*?)(X{3,})([^X]*)$/.exec(path) ?? [];
  // Without a name or a directory of its own it would be any file.
  if (random === '' || start === '') return undefined;
  const pattern = new RegExp(`${path.startsWith('/') ? '^' : '/'}${literalPattern(start)}[A-Za-z0-9]{${random.length}}${literalPattern(suffix)}$`);
  return (found) => pattern.test(found);
}

/** Whether a line that the run executed, or its command, asks for the number of a process: `app.conf.1` may be a log's. */
function namesPid({ steps, context, after }: RunRecord): boolean {
  const asks = (text: string) => /\$\{?(?:\$|BASHPID\b)/.test(text);
  const seen = new Set<string>();
  return context.command.some(asks) || steps.some(({ file, line }) => {
    const place = `${file}:${line}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return asks(scriptLines(file, context.hostPaths, after)?.[line - 1] ?? '');
  });
}
