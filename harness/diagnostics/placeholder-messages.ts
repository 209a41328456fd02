import type { Call } from '../stubs/call.js';
import { callList } from './call-text.js';
import { commandText, shellWords, type Asked } from './command-text.js';
import type { StrictError } from './strict-error.js';
import { told } from './strict-messages.js';

const ANSWERS = `What a stub answers: returns('text\\n'), exits(1), when(['status', any]).returns('text\\n').otherwise(exits(0)); with real() the program itself does it.`;

/** What of a run is still to be said by a person. */
export interface LeftPlaceholders {
  /** Calls of stubs that have no answer yet, in order. */
  readonly calls: readonly Call[];
  /** Where else a placeholder was given, as a spec writes it: `vars: { VERSION: _ }`. */
  readonly given: readonly string[];
}

/** A run needed placeholders: it went on with nothing in their place, so what came of it means nothing. */
export function leftPlaceholders(asked: Asked, { calls, given }: LeftPlaceholders): StrictError {
  const stubs = [...new Set(calls.map(({ name }) => name))];
  const names = [...stubs.map((name) => `the stub '${name}'`), ...given.map((place) => `\`${place}\``)];
  return told('placeholder', [
    `${names.length === 1 ? 'A placeholder is' : `${names.length} placeholders are`} still to be filled in: ${names.join(', ')}.`,
    commandText(asked),
    calls.length === 0 ? undefined : `It asked for:\n${callList(calls, asked.hostPaths)}`,
    `Write in the place of each \`_\` what it stands for.${calls.length === 0 ? '' : ` ${ANSWERS}`}`,
  ], [...stubs, ...given]);
}

/** A stub whose answer varies came to a placeholder. */
export function calledPlaceholder(call: Pick<Call, 'name' | 'args' | 'site'>): StrictError {
  return told('placeholder', [
    `The stub of '${call.name}' still has its placeholder \`_\` for this call.`,
    `ran: ${shellWords([call.name, ...call.args])}${call.site === undefined ? '' : `\n  in function ${call.site.function}, line ${call.site.line}`}`,
    ANSWERS,
  ], [call.name]);
}

/** An expectation was compared with a placeholder. */
export function expectedPlaceholder(): StrictError {
  return told('placeholder', ['An expectation still has its placeholder `_`.', 'Write in its place what is expected.']);
}
