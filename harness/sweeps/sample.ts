import { sampled, type Value } from './values.js';

/**
 * The environment variable by which each sweep tries some of its values alone: how many at most, and the number that
 * draws them, `30:4711`.
 */
export const SAMPLE_VARIABLE = 'SHELLRIG_SAMPLE';

/**
 * All values of a sweep, or as many as the environment says, where each is tried by itself; and what is to be said of the others.
 * @param chosen the values that the sweep would try.
 * @param isInOrder whether each builds on the one before: then all are tried.
 * @throws Error for a sample that cannot be meant.
 */
export function sampleOf<Of extends Value>(chosen: readonly Of[], isInOrder = false): { values: readonly Of[]; untried: readonly string[] } {
  const given = process.env[SAMPLE_VARIABLE];
  if (given === undefined) return { values: chosen, untried: [] };
  const [, most, number] = /^([1-9]\d*):(\d+)$/.exec(given) ?? [];
  if (most === undefined) throw new Error(`${SAMPLE_VARIABLE} takes how many values to try and the number that draws them, as 30:4711; got '${given}'`);
  const values = isInOrder ? chosen : sampled(chosen, Number(most), Number(number));
  const left = chosen.length - values.length;
  return { values, untried: left === 0 ? [] : [`not tried: ${left} more of these ${chosen.length} values (${SAMPLE_VARIABLE}=${given}; without it all are tried)`] };
}
