import { parseArgs } from 'node:util';
import { didYouMean } from '../diagnostics/suggest.js';
import { UsageError } from './usage-error.js';

/** An option that a command takes. */
export interface OptionSpec {
  /** Without its dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** What its value is called in the help: `NAME=DIR`. Without it the option takes none. */
  readonly value?: string;
  /** Whether it may be given more than once. */
  readonly repeats?: boolean;
  readonly help: string;
}

/** A command line as a command reads it. */
export interface Options {
  /** What is not an option, in order. */
  readonly words: readonly string[];
  /** Whether the option was given. */
  readonly has: (name: string) => boolean;
  /** The value of an option that takes one. */
  readonly value: (name: string) => string | undefined;
  /** All values of an option that repeats. */
  readonly values: (name: string) => readonly string[];
}

/**
 * Reads the arguments of a command.
 * @param command its name, for messages.
 * @throws UsageError naming the option that does not exist, lacks its value, takes none, or was given twice.
 */
export function parseOptions(command: string, specs: readonly OptionSpec[], args: readonly string[]): Options {
  const { tokens } = parseArgs({
    args: [...args], strict: false, tokens: true, allowPositionals: true,
    options: Object.fromEntries(specs.map(({ name, short, value }) => [name, { type: value === undefined ? 'boolean' as const : 'string' as const, ...(short === undefined ? {} : { short }) }])),
  });
  const words: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const spec = specs.find(({ name }) => name === token.name);
    if (!spec) throw new UsageError(unknownOption(command, token.rawName, specs));
    given.set(spec.name, [...(given.get(spec.name) ?? []), valueOf(command, spec, token)]);
    if (spec.repeats !== true && (given.get(spec.name)?.length ?? 0) > 1) throw new UsageError(`${command}: ${token.rawName} is given twice`);
  }
  return {
    words,
    has: (name) => given.has(name),
    value: (name) => given.get(name)?.[0],
    values: (name) => given.get(name) ?? [],
  };
}

function valueOf(command: string, spec: OptionSpec, token: { rawName: string; value?: string | undefined; inlineValue?: boolean | undefined }): string {
  const { rawName, value, inlineValue } = token;
  if (spec.value === undefined) {
    if (value !== undefined) throw new UsageError(`${command}: ${rawName} takes no value, got '${value}'`);
    return '';
  }
  // `--scripts --watch` lacks a value; one that does begin with a dash is written `--name=-value`.
  if (value === undefined || (inlineValue !== true && value !== '-' && value.startsWith('-'))) {
    throw new UsageError(`${command}: ${rawName} needs a value: ${rawName} ${spec.value}`);
  }
  return value;
}

function unknownOption(command: string, rawName: string, specs: readonly OptionSpec[]): string {
  const known = ['--help', ...specs.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])];
  return `${command}: there is no option '${rawName}'.${didYouMean(rawName, known) || ` \`shellrig ${command} --help\` lists them`}`;
}
