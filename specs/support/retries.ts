import { any, evaluates, type ArgumentPattern, type Stub } from 'shellrig';

/**
 * Lets what the scripts retry be tried once, without a limit in time: for what is to fail, in specs of what comes after.
 * How often something is tried is seen in the call to the retrying function, and what that does in its own specs.
 */
export const tryingOnce: Readonly<Record<string, Stub>> = { _retrycmd_internal: evaluates({ command: 4, as: 'argv' }) };

/** The call of {@link tryingOnce} that a script would try so often, with a pause of so many seconds between. */
export function tries(times: number, seconds: number, ...words: readonly ArgumentPattern[]): [string, ...ArgumentPattern[]] {
  return ['_retrycmd_internal', String(times), String(seconds), any, any, ...words];
}
