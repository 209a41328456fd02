import type { ArgumentPattern } from '../stubs/arguments.js';
import type { Call } from '../stubs/call.js';
import { shellWords, shortened } from './command-text.js';
import { placeText, type HostPaths } from './place.js';
import { printed } from './printed.js';

/** Calls that a list shows; the rest is counted. */
const MOST_CALLS = 12;
const LONGEST_WORD = 160;

/** One call on one line: `apt-get install -y gateway   exit 100   at artifacts/node/a.sh:12 in function f`. */
export function callText(call: Call, hostPaths: HostPaths): string {
  const parts = [callWords(call)];
  if (call.exitCode === undefined) parts.push('did not end');
  else if (call.exitCode !== 0) parts.push(`exit ${call.exitCode}`);
  if (call.site !== undefined) parts.push(`at ${placeText(call.site, hostPaths)}`);
  return parts.join('   ');
}

/** Name and arguments as a shell would have to be given them; long words are cut. */
export function callWords(call: Pick<Call, 'name' | 'args'>): string {
  return shellWords([call.name, ...call.args.map((word) => shortened(word, LONGEST_WORD))]);
}

/** A call as it is looked for, on one line: `systemctl start any`. */
export function callPatternText(name: string, args: readonly ArgumentPattern[]): string {
  return [shellWords([name]), ...args.map((arg) => (typeof arg === 'string' ? shellWords([arg]) : typeof arg === 'symbol' ? String(arg.description) : printed(arg)))].join(' ');
}

/** The first calls of a list, one a line, indented, and how many more there are. */
export function callList(calls: readonly Call[], hostPaths: HostPaths): string {
  const lines = calls.slice(0, MOST_CALLS).map((call) => `  ${callText(call, hostPaths)}`);
  if (calls.length > MOST_CALLS) lines.push(`  … ${calls.length - MOST_CALLS} more calls`);
  return lines.join('\n');
}
