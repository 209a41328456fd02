import { didYouMean } from '../diagnostics/suggest.js';
import { takeApart, type OptionTable, type Outcome } from './calls.js';
import { entryText, type JournalEntry } from './journal.js';
import type { Manager } from './manager.js';
import { problem } from './problem.js';
import { globOf, unitName } from './systemctl-call.js';
import { spanOf } from './values.js';
import type { Request } from './turns.js';

const flag = (long: string) => ({ long });
const value = (long: string) => ({ long, value: true as const });

const OPTIONS: OptionTable = {
  u: value('unit'), unit: value('unit'), n: value('lines'), lines: value('lines'), o: value('output'), output: value('output'), S: value('since'), since: value('since'), U: value('until'), until: value('until'), t: value('identifier'), identifier: value('identifier'), g: value('grep'), grep: value('grep'),
  b: flag('boot'), boot: flag('boot'), e: flag('pager-end'), 'pager-end': flag('pager-end'), x: flag('catalog'), catalog: flag('catalog'), q: flag('quiet'), quiet: flag('quiet'), r: flag('reverse'), reverse: flag('reverse'), l: flag('full'), full: flag('full'), a: flag('all'), all: flag('all'), 'no-pager': flag('no-pager'), 'no-hostname': flag('no-hostname'), utc: flag('utc'), system: flag('system'), sync: flag('sync'), flush: flag('flush'), rotate: flag('rotate'),
};

/** Answers a call of journalctl: journalctl(1). @throws StrictError for options and formats that the stand-in does not know. */
export function journalctl(request: Request, manager: Manager): void {
  manager.turns.reply(request, told(request, manager));
}

function told({ call }: Request, manager: Manager): Outcome {
  const place = `journalctl ${call.args.join(' ')}`;
  const { options, words } = takeApart(call, OPTIONS);
  if (words.length > 0) throw problem(place, `the stand-in knows no matches such as ${words[0]}`);
  if (['sync', 'flush', 'rotate'].some((option) => options.has(option))) return {};
  const last = (option: string) => options.get(option)?.at(-1);
  const format = last('output') ?? 'short';
  const units = options.get('unit')?.map((word) => globOf(/[*?[]/.test(word) ? word : unitName(word)));
  const [since, until] = (['since', 'until'] as const).map((option) => (last(option) === undefined ? undefined : instantOf(last(option) as string, manager, place)));
  const pattern = last('grep');
  const identifiers = options.get('identifier');
  let entries = manager.journal.entries.filter((entry) => (!units || units.some((unit) => unit.test(entry.unit))) && (since === undefined || entry.time >= since) && (until === undefined || entry.time <= until)
    && (!identifiers || identifiers.includes(entry.identifier)) && (pattern === undefined || new RegExp(pattern, pattern === pattern.toLowerCase() ? 'i' : '').test(entry.message)));
  const lines = last('lines') ?? (options.has('pager-end') ? '1000' : 'all');
  if (!/^\d+$|^all$/.test(lines)) throw problem(place, `--lines=${lines} is no number`);
  if (lines !== 'all') entries = Number(lines) === 0 ? [] : entries.slice(-Number(lines));
  if (options.has('reverse')) entries = [...entries].reverse();
  if (entries.length === 0) return { out: options.has('quiet') || format === 'cat' && lines === '0' ? '' : '-- No entries --\n' };
  return { out: entries.map((entry) => `${text(entry, format, place)}\n`).join('').replaceAll(options.has('no-hostname') ? / sandbox(?= \S+\[\d+\]: )/g : /(?!)/g, '') };
}

function text(entry: JournalEntry, format: string, place: string): string {
  const line = entryText(entry, format);
  if (line === undefined) throw problem(place, `the stand-in knows no --output=${format}.${didYouMean(format, ['cat', 'short', 'short-precise', 'short-iso', 'short-iso-precise', 'short-unix'])}`);
  return line;
}

/** A time as systemd.time(7) has it: a date and time, `now`, `today`, `-1h`, `1h ago`, `@SECONDS`. */
function instantOf(word: string, { inside, now }: Manager, place: string): number {
  const present = inside.started + now;
  const [, seconds] = /^@(\d+(?:\.\d+)?)$/.exec(word) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1000;
  if (word === 'now') return present;
  if (word === 'today') return Math.floor(present / 86_400_000) * 86_400_000;
  const [, sign, span] = /^([+-])(.+)$/.exec(word) ?? [];
  const [, ago] = /^(.+) ago$/.exec(word) ?? [];
  if (ago !== undefined || span !== undefined) return present + (sign === '+' ? 1 : -1) * spanOf({ key: '--since', value: (ago ?? span) as string, place });
  const date = Date.parse(/^\d{4}-\d\d-\d\d$/.test(word) ? `${word}T00:00:00Z` : `${word.replace(/ UTC$/, '').replace(' ', 'T')}Z`);
  if (Number.isNaN(date)) throw problem(place, `${word} is no time, such as '2030-01-01 00:00:00', '-1h' or 'today'`);
  return date;
}
