import type { Outcome } from './plan.js';
import type { Regression } from './regressions.js';
import type { Judgement, Turned } from './judge-patch.js';
import type { Replay } from './replay.js';
import { sideBySide } from './side-by-side.js';

/** The recorded regressions, one a line. */
export function listText(regressions: readonly Regression[]): string {
  const width = Math.max(...regressions.map(({ id }) => id.length));
  return regressions.map(({ id, title, specs }) => `${id.padEnd(width)}  ${title} (${counted(specs.length, 'spec')})\n`).join('');
}

/** All replays, one a line, with what is not as stated; the totals are the last line: `12 passed, 0 failed`. */
export function verdictsText(replays: readonly Replay[]): string {
  const width = Math.max(...replays.map(({ regression }) => regression.id.length));
  const lines = replays.map(({ regression, problems, specs }) => {
    const verdict = problems.length === 0 ? `shows in ${counted(specs.length, 'spec')}` : 'DOES NOT SHOW AS STATED';
    return [`${regression.id.padEnd(width)}  ${verdict}: ${regression.title}`, ...problems.map((problem) => `${' '.repeat(width + 2)}${problem}`)].join('\n');
  });
  const failed = replays.filter(({ problems }) => problems.length > 0).length;
  return [...lines, `${replays.length - failed} passed, ${failed} failed`, ''].join('\n');
}

/**
 * One replay at length: what each spec sees with the scripts as they are and with the defect.
 * @param width characters of a line.
 */
export function replayText({ regression, specs, problems }: Replay, width: number): string {
  const blocks = specs.map(({ spec, fixed, broken }) => [
    `${spec.file} > ${spec.test}`,
    sideBySide(['as it is', effectsText(fixed)], ['with the defect', effectsText(broken)], width),
    ...(broken?.state === 'failed' ? ['', ...broken.messages.map((message) => indented(summary(message)))] : []),
  ].join('\n'));
  const upshot = problems.length === 0 ? 'The defect shows as stated.' : `The defect does not show as stated:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
  return [`${regression.id}: ${regression.title}${regression.lesson === undefined ? '' : ` (lesson ${regression.lesson})`}`, '', indented(regression.patch.trimEnd()), '', blocks.join('\n\n'), '', upshot, ''].join('\n');
}

/** What a patch does to the specs, and at the end how many there are of each kind. */
export function judgementText({ turnedRed, turnedGreen, stayedRed, stayedGreen, faults }: Judgement): string {
  const group = (title: string, turned: readonly Turned[]) => (turned.length === 0 ? [] : [title, ...turned.flatMap(({ test, failure }) => [`  ${test.file} > ${test.name}`, ...failure.messages.slice(0, 1).map((message) => `    ${firstLine(message)}`)]), '']);
  return [
    ...group('The patch turns red:', turnedRed),
    ...group('The patch turns green:', turnedGreen),
    ...(stayedRed.length === 0 ? [] : ['Red with the patch and without:', ...stayedRed.map(({ file, name }) => `  ${file} > ${name}`), '']),
    ...(faults.length === 0 ? [] : ['Outside of tests:', ...faults.map((fault) => `  ${firstLine(fault)}`), '']),
    `${turnedRed.length} turned red, ${turnedGreen.length} turned green, ${stayedRed.length} stayed red, ${stayedGreen} stayed green`,
    '',
  ].join('\n');
}

function effectsText(outcome: Outcome | undefined): string {
  if (!outcome) return '(did not run)';
  const runs = outcome.effects.map((effects) => effects.trimEnd());
  return [outcome.state, ...(runs.length === 0 ? ['(no run came to its end)'] : runs.map((effects, index) => (runs.length === 1 ? effects : `run ${index + 1}:\n${effects}`)))].join('\n');
}

/** The reason of a failure and its details, without the run that the columns show already. */
function summary(message: string): string {
  return message.split(/\n\n?(?=\.(?:call|exec|source)\()/)[0] ?? message;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
