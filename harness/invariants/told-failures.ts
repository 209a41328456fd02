import type { RunRecord } from '../shell/run.js';
import type { Invariant } from './invariant.js';

/** A run that ends with another code than 0 has said something, on standard output or standard error: failures are not silent. */
export function toldFailures(): Invariant {
  return {
    name: 'toldFailures()',
    check({ exitCode, stdout, stderr }: RunRecord) {
      if (exitCode === 0 || /\S/.test(stdout.toString() + stderr.toString())) return undefined;
      return { reason: `the run ended with ${exitCode} and said nothing`, advice: "Have the script say what failed: `tool || { echo 'tool failed' >&2; exit 4; }`." };
    },
  };
}
