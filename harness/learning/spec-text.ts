import { dirname, relative } from 'node:path';
import { shellWords, shortened } from '../diagnostics/command-text.js';
import { stableText } from '../diagnostics/stable-text.js';
import type { Call } from '../stubs/call.js';
import { DEFAULT_START } from '../clock/clock.js';
import { expectations } from './expectations.js';
import { RIG } from '../sandbox/places.js';
import { givenFileLiterals } from './given-file-literals.js';
import type { KnownAnswer, Learned } from './learn.js';
import { arrayLiteral, keyLiteral, objectLiteral, stringLiteral, textLiteral } from './literals.js';
import type { SpecPlace } from './place.js';
import { RUNS_THE_REST } from './needs.js';
import { ScriptNames } from './script-names.js';
import { unsetVariables } from './unset-variables.js';

/** Arguments of a call in a comment; characters. */
const LONGEST_CALL = 90;

/** A folder of shellrig's own in the sandbox. */
const INTERNAL = new RegExp(`${RIG}(?:/[\\w.+-]+)*(?=/)`, 'g');

/** The first spec of a function or a script: what it needs, with `_` for what only a person knows, and what it did. */
export function specText(learned: Learned, place: SpecPlace): string {
  const { question, needs, run } = learned;
  const uses = new Set(['defineShell']);
  const names = new ScriptNames(place);
  const given = givenFileLiterals(question.files, place.spec, uses);
  const isCall = question.function !== undefined;
  const stubs = [...Object.keys(question.answers), ...needs.stubs].map((name) => stubMember(name, run.allCalls.filter((call) => call.name === name), functionOf(name, place), answerLiteral(question.answers[name], uses)));
  for (const name of needs.wrappers) {
    uses.add('bash');
    stubs.push(`// Runs what it is given.\n    ${keyLiteral(name)}: bash(${stringLiteral(RUNS_THE_REST)})`);
  }
  if (needs.stubs.size + needs.variables.size + needs.environment.size > 0) uses.add('_');
  const shell = [
    ...(isCall ? [`source: ${arrayLiteral([...question.before, question.script].map((path) => names.expression(path)), '  ', 8)}`] : []),
    ...(given.length > 0 ? [`files: ${objectLiteral(given, '  ', 7)}`] : []),
    ...environment(needs.environment, question.env, 'env'),
    ...(stubs.length > 0 ? [`stubs: ${objectLiteral(stubs, '  ', 7)}`] : []),
    ...(needs.tools.size > 0 ? [`tools: ${arrayLiteral([...needs.tools].sort().map(stringLiteral), '  ', 7)}`] : []),
    ...allowances(learned),
    ...(question.time === undefined ? [] : [`limits: { time: ${stringLiteral(question.time)} }`]),
  ];
  const ofTheRun = [...environment(needs.variables, question.vars, 'vars'), ...(question.stdin === undefined ? [] : [`stdin: ${textLiteral(question.stdin.toString(), '      ')}`])];
  const words = (isCall ? [stringLiteral(question.function ?? ''), ...question.args.map(stringLiteral)] : [names.expression(question.script), ...question.args.map(stringLiteral)]).join(', ');
  const calls = `${ofTheRun.length === 0 ? '' : `.given(${objectLiteral(ofTheRun, '    ', 'const run = await shell.given('.length)})`}.${isCall ? 'call' : 'exec'}(${words})`;
  const statements = expectations(learned, uses);
  const unset = unsetVariables(learned);
  const host = [...learned.host.tools, ...learned.host.files];
  return [
    `// Recorded by \`${place.commandLine}\`: what it did, which need not be what it should do.`,
    ...(uses.has('_') ? ['// Each `_` is for you to fill in: what the command answers, or what the variable holds.'] : []),
    "import { describe, expect, it } from 'vitest';",
    `import { ${[...uses].sort(byName).join(', ')} } from 'shellrig';`,
    ...names.imports,
    '',
    `const shell = defineShell(${shell.length === 0 ? '' : objectLiteral(shell, '', 'const shell = defineShell();'.length)});`,
    '',
    `describe(${stringLiteral(question.function ?? names.title(question.script))}, () => {`,
    "  it('does what it did when it was recorded', async () => {",
    ...(unset.length === 0 ? [] : [`    // It read these, which nobody had set: ${unset.join(', ')}.`]),
    ...(host.length === 0 ? [] : [`    // It read these of the machine or the moment, and what it made of them may be other elsewhere: ${host.join(', ')}.`]),
    `    const run = await shell${calls};`,
    '',
    ...statements.map((statement) => statement.replace(/^(?=.)/gm, '    ')),
    '  });',
    '});',
    '',
  ].join('\n').replace(/^ *\/\/.*$/gm, (comment) => comment.replace(INTERNAL, '…'));
}

/** The script that defines a command as a function, as the spec would name it. */
function functionOf(name: string, { known, spec }: SpecPlace): string | undefined {
  const path = known.get(name);
  return path === undefined ? undefined : `a function of ${relative(dirname(spec), path)}`;
}

/** One stub, with what it was asked above it. */
function stubMember(name: string, calls: readonly Call[], known: string | undefined, answer: string): string {
  const asked = [...new Set(calls.map((call) => stableText(shortened(shellWords([call.name, ...call.args]), LONGEST_CALL), DEFAULT_START * 1000)))];
  const where = calls[0]?.site === undefined || calls[0].site.function === 'main' ? '' : `, in ${calls[0].site.function}`;
  const more = asked.length > 1 ? `, and ${asked.length - 1} more` : '';
  const comment = calls.length === 0 ? (answer === '_' ? 'called while the scripts are sourced' : 'not called by this run') : `${asked[0]}${where}${more}`;
  return `// ${comment}${known === undefined ? '' : `: ${known}`}\n    ${keyLiteral(name)}: ${answer}`;
}

function answerLiteral(answer: KnownAnswer | undefined, uses: Set<string>): string {
  if (answer === undefined) return '_';
  const { stdout, exitCode } = answer;
  uses.add(stdout === '' ? 'exits' : 'returns');
  if (stdout === '') return `exits(${exitCode})`;
  return `returns(${textLiteral(stdout, '    ')})${exitCode === 0 ? '' : `.exits(${exitCode})`}`;
}

function environment(unknown: ReadonlySet<string>, given: Readonly<Record<string, string>>, key: 'env' | 'vars'): string[] {
  const indent = key === 'env' ? '  ' : '      ';
  const members = [
    ...Object.entries(given).map(([name, value]) => `${name}: ${stringLiteral(value)}`),
    ...[...unknown].filter((name) => !(name in given)).map((name) => `${name}: _`),
  ];
  return members.length === 0 ? [] : [`${key}: ${objectLiteral(members, indent, key.length + 2)}`];
}

function allowances({ needs }: Learned): string[] {
  const { commands, leftovers, shellErrors, realTime } = needs;
  const members = Object.entries({ commands, leftovers, shellErrors, realTime }).filter(([, names]) => names.size > 0).map(([key, names]) => `${key}: ${arrayLiteral([...names].map(stringLiteral), '    ', key.length + 2)}`);
  return members.length === 0 ? [] : [`// Each of these fails a run unless it is meant.\n  allow: ${objectLiteral(members, '  ', 7)}`];
}

/** `_` first, then as in a dictionary. */
function byName(one: string, other: string): number {
  return one.toLowerCase() < other.toLowerCase() ? -1 : 1;
}
