import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, machine, release, uptime, version } from 'node:os';
import { DEFAULT_START } from '../clock/clock.js';
import { literalPattern } from '../diagnostics/literal-pattern.js';
import { RIG } from '../sandbox/places.js';
import type { HostSources } from './host-sources.js';

/** A text that holds on this machine, or in this moment, alone. */
export interface Fact {
  /** Finds what may be it. */
  readonly find: RegExp;
  /** Whether what was found is it. */
  readonly holds: (found: string) => boolean;
  /** What stands in its place in a pattern. */
  readonly pattern: (found: string) => string;
  /** Whether it is also looked for in the names of files, in which small numbers mean something else. */
  readonly isInNames: boolean;
}

const NUMBER = /(?<![\d.])\d+(?:\.\d+)?(?![\d]|\.\d)/g;

/** A run is over within minutes of its start; minutes. */
const NEAR = 10;

/** Shares by which the free memory and the clock of a processor come and go. */
const COMES_AND_GOES = 0.2;

/**
 * What of the machine and of the moment may stand in the results of a run that read of them. A number that was made
 * from several of these is not known for what it is.
 * @param now when the run ended by its clock, in milliseconds since 1970.
 */
export function hostFacts({ files, tools, formats, asksVersions, asksMachine }: HostSources, now: number = (DEFAULT_START + (NEAR - 1) * 60) * 1000): readonly Fact[] {
  const read = files.map((path) => contentOf(path));
  const times = formats.flatMap((format) => timesNear(now, format));
  const isAboutProcessors = files.includes('/proc/cpuinfo');
  // Texts before numbers, which would take a part out of them.
  return [
    internalPath(),
    ...read.map((content) => lineFact(content)),
    fact(literally(release()), String.raw`[\w.+-]+`, true),
    ...(isAboutProcessors ? [processorName()] : []),
    ...(tools.includes('uname') ? [fact(literally(version()), '.+')] : []),
    ...(asksMachine ? [fact(literally(machine()), String.raw`\w+`, true)] : []),
    ...(asksVersions ? [fact(/(?<![\d.])\d+(?:\.\d+)+/g, String.raw`[\d.]+`)] : []),
    ...timeFact(times.filter((time) => time.length > 3), true),
    ...timeFact(times.filter((time) => time.length <= 3), false),
    ...(files.includes('/proc/loadavg') ? loadFacts() : []),
    ...(files.includes('/proc/uptime') ? [number(isUptime(uptime()))] : []),
    ...(files.includes('/proc/stat') ? [number((value) => Math.abs(value - (Date.now() / 1000 - uptime())) < 5)] : []),
    ...(isAboutProcessors ? [number(isClock)] : []),
    ...(isAboutProcessors || tools.includes('nproc') ? [number((_, text) => [availableParallelism(), cpus().length].map(String).includes(text))] : []),
    ...(tools.includes('df') ? [number((value) => value > 9)] : []),
    ...read.map((content) => number((value, text) => numbersIn(content).has(text) || isAmountIn(content, value))),
  ];
}

function fact(find: RegExp, pattern: string, isInNames = false): Fact {
  return { find, holds: () => true, pattern: () => pattern, isInNames };
}

/** Where shellrig keeps programs and scripts in its sandboxes; what they are called is all that a script meant. */
function internalPath(): Fact {
  return { find: new RegExp(`[./]*${RIG.slice(1)}(?:/[\\w.+-]*[\\w+-])+`, 'g'), holds: () => true, pattern: (found) => String.raw`\S*` + literalPattern(found.slice(found.lastIndexOf('/'))), isInNames: true };
}

function number(is: (value: number, text: string) => boolean): Fact {
  return { find: NUMBER, holds: (found) => is(Number(found), found), pattern: (found) => (found.includes('.') ? String.raw`\d+\.\d+` : String.raw`\d+`), isInNames: false };
}

/** The times near now as some formats write them, a longer one before what is a part of it. */
function timeFact(written: readonly string[], isInNames: boolean): Fact[] {
  if (written.length === 0) return [];
  const all = [...new Set(written)].sort((one, other) => other.length - one.length).map(literalPattern).join('|');
  // A day or an hour of one digit may have two elsewhere, and a blank before it here.
  const pattern = (found: string) => found.replace(/\d+|[A-Za-z]+|\s+|[^]/g, (part) => (/\d/.test(part) ? String.raw`\d+` : /[A-Za-z]/.test(part) ? '[A-Za-z]+' : /\s/.test(part) ? ' +' : literalPattern(part)));
  return [{ find: new RegExp(`(?<![\\dA-Za-z.])(?:${all})(?!\\d)`, 'g'), holds: (found) => written.includes(found), pattern, isInNames }];
}

/** `date` itself is asked, once for all minutes. */
function timesNear(now: number, text: string): string[] {
  const [day, format] = text.includes('\n\n') ? text.split('\n\n') as [string, string] : ['', text];
  const minutes = Array.from({ length: NEAR + 2 }, (_, index) => `${new Date(now - (NEAR - index) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC ${day}\n`);
  const { stdout } = spawnSync('date', ['-u', '-f', '-', `+${format}`], { input: minutes.join(''), encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' } });
  return (stdout ?? '').split('\n').map((line) => line.trim()).filter((line) => /[A-Za-z0-9]/.test(line));
}

function loadFacts(): Fact[] {
  const loads = loadavg().flatMap((load) => [Math.floor(load), Math.ceil(load), Math.round(load * 100)]);
  return [
    fact(/(?<![\d.])\d+\.\d\d(?![\d.])/g, String.raw`\d+\.\d+`),
    fact(/(?<![\d/])\d+\/\d+ \d+(?![\d/])/g, String.raw`\d+\/\d+ \d+`),
    number((value) => loads.some((load) => Math.abs(value - load) <= Math.max(1, load * COMES_AND_GOES))),
  ];
}

/** Seconds, minutes, hours, days, or what is left of the next larger, of what a run may have found. */
function isUptime(seconds: number): (value: number) => boolean {
  const minutes = Array.from({ length: NEAR + 1 }, (_, index) => Math.floor(seconds / 60) - index + 1);
  const known = new Set(minutes.flatMap((all) => [all, all % 60, Math.floor(all / 60), Math.floor(all / 60) % 24, Math.floor(all / 60 / 24)]));
  return (value) => known.has(value) || (value > seconds - NEAR * 60 && value < seconds + 60);
}

/** Lines of a file, or what stands in them behind a colon: whatever is more than a number. */
function lineFact(content: string): Fact {
  const texts = content.split('\n').flatMap((line) => [line.trim(), /^[\w ()]+:\s(.*)/.exec(line.replaceAll('\t', ' '))?.[1]?.trim() ?? '']).filter((text) => text.length > 3 && !/^(?:[\w()]+:?\s+)?[\d. kB]*$/.test(text));
  return fact(texts.length === 0 ? /(?!)/g : new RegExp([...new Set(texts)].sort((one, other) => other.length - one.length).map(literalPattern).join('|'), 'g'), '.+');
}

function numbersIn(content: string): ReadonlySet<string> {
  return new Set((content.match(/(?<![\w.])\d+(?:\.\d+)?(?!\w)/g) ?? []).filter((text) => text.length > 1));
}

/** Whether a number is one of the sizes that a file tells in kB, in whatever unit. */
function isAmountIn(content: string, value: number): boolean {
  if (value < 2) return false;
  return [...content.matchAll(/^(\w+):? +(\d+) kB$/gm)].some(([, name = '', text]) => {
    const size = Number(text);
    const isFixed = name.endsWith('Total');
    return [1024, 1, 1 / 1000, 1 / 1024, 1 / 1000 ** 2, 1 / 1024 ** 2].some((unit) => {
      const amount = size * unit;
      return amount >= 1 && Math.abs(value - amount) <= (isFixed ? (Number.isInteger(amount) ? 0 : 1) : value < 1000 ? 0.5 : amount * COMES_AND_GOES);
    });
  });
}

/** Words of the processor's name, also where a script has tidied it. */
function processorName(): Fact {
  const words = (cpus()[0]?.model.match(/[A-Za-z][\w()-]{2,}/g) ?? []).map(literalPattern).join('|');
  return fact(words === '' ? /(?!)/g : new RegExp(`\\b(?:${words})(?: +(?:${words}))*`, 'g'), '.+');
}

/** The clock of a processor in MHz or GHz. */
function isClock(value: number): boolean {
  return cpus().some(({ speed }) => speed > 0 && [1, 1000].some((unit) => Math.abs(value * unit - speed) <= speed * COMES_AND_GOES));
}

/** What can be read without waiting, and is small. */
const READABLE = /^\/proc\/(?:cmdline|cpuinfo|devices|filesystems|mdstat|meminfo|modules|partitions|stat|swaps|version|sys\/(?!kernel\/random\/)[\w/]+)$/;

function contentOf(path: string): string {
  try {
    if (!READABLE.test(path)) return '';
    return readFileSync(path, 'utf8').slice(0, 200_000);
  } catch {
    return '';
  }
}

function literally(text: string): RegExp {
  return text === '' ? /(?!)/g : new RegExp(literalPattern(text), 'g');
}
