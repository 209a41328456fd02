import { leftPlaceholders } from '../diagnostics/placeholder-messages.js';
import { limitExceeded, shellError, sourceFailed, undeclaredCommand } from '../diagnostics/strict-messages.js';
import type { StrictError } from '../diagnostics/strict-error.js';
import type { LimitNumbers } from '../sandbox/limits.js';
import type { Recording } from '../steps/recording.js';
import { complaintsIn, isAllowed, unallowed, unreadableAt } from './complaints.js';
import { notFoundInSourcing } from './not-found.js';
import type { SessionOptions } from './session-work.js';
import type { Streams } from './streams.js';

/** What a session saw while it sourced its scripts. */
export interface Sourcing {
  readonly recording: Recording;
  readonly streams: Streams;
  /** The shell's exit code when sourcing ended it. */
  readonly exitCode: number | undefined;
  /** The limit for which the sandbox was ended. */
  readonly exceeded: 'time' | 'output' | undefined;
}

/** Why no example can run in a session, when none can. */
export function sourcingFault({ recording, streams, exitCode, exceeded }: Sourcing, options: SessionOptions): StrictError | undefined {
  const asked = { verb: 'defineShell' as const, command: options.source, hostPaths: options.hostPaths };
  const [stdout, stderr] = [Buffer.concat(streams.out), Buffer.concat(streams.err)];
  const stack = recording.lastStack;
  const calls = recording.calls.filter(({ name }) => options.isPlaceholder(name));
  const broken = unreadableAt(stderr.toString());
  const hasFailed = exitCode !== undefined || broken !== undefined;
  // Where sourcing went well without them, runs tell of these, and of all others.
  if (calls.length > 0 || (hasFailed && options.placeholders.length > 0)) return leftPlaceholders(asked, { calls, given: options.placeholders });
  // bash goes on after a script that it cannot read, and then lacks what that script defines.
  if (broken) return sourceFailed(asked, { exitCode: exitCode ?? 2, stack: [broken], stdout, stderr, isSyntax: true });
  // A shell under `set -e` ends for want of a command, and a loop that waits for one never does.
  const undeclared = recording.undeclared.filter(({ name }) => !isAllowed(options.allow.commands, name));
  if (undeclared.length > 0) return undeclaredCommand(asked, undeclared.map((call) => notFoundInSourcing(call, options)));
  if (exceeded) return limitExceeded(asked, { limit: exceeded, ...LIMIT_TEXTS[exceeded](options.limits), stack, stdout, stderr });
  const complaints = complaintsIn(stderr.toString(), recording.steps);
  if (exitCode !== undefined) return sourceFailed(asked, { exitCode, stack, stdout, stderr, complaints: complaints.map(({ text }) => text) });
  const unexpected = unallowed(complaints, options.allow);
  return unexpected.length > 0 ? shellError(asked, unexpected) : undefined;
}

const LIMIT_TEXTS = {
  time: ({ time }: LimitNumbers) => ({ allowed: `${time / 1000} s`, raise: "limits: { time: '60s' }" }),
  output: ({ output }: LimitNumbers) => ({ allowed: `${output / 1e6} MB`, raise: "limits: { output: '256MB' }" }),
};
