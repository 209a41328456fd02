import { limitExceeded, sourceFailed, undeclaredCommand } from '../diagnostics/strict-messages.js';
import type { StrictError } from '../diagnostics/strict-error.js';
import type { LimitNumbers } from '../sandbox/limits.js';
import type { Recording } from '../steps/recording.js';
import type { Site } from '../stubs/call.js';
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
  if (exceeded) return limitExceeded(asked, { limit: exceeded, ...LIMIT_TEXTS[exceeded](options.limits), stack, stdout, stderr });
  // bash goes on after a script that it cannot read, and then lacks what that script defines.
  const broken = syntaxError(stderr.toString());
  if (broken) return sourceFailed(asked, { exitCode: exitCode ?? 2, stack: [broken], stdout, stderr, isSyntax: true });
  if (exitCode !== undefined) return sourceFailed(asked, { exitCode, stack, stdout, stderr });
  const undeclared = recording.undeclared.filter(({ name }) => !options.allowed(name));
  return undeclared.length > 0 ? undeclaredCommand(asked, undeclared) : undefined;
}

const LIMIT_TEXTS = {
  time: ({ time }: LimitNumbers) => ({ allowed: `${time / 1000} s`, raise: "limits: { time: '60s' }" }),
  output: ({ output }: LimitNumbers) => ({ allowed: `${output / 1e6} MB`, raise: "limits: { output: '256MB' }" }),
};

/** As bash words it: `FILE: line N: syntax error near ...`, or `FILE: line N: unexpected EOF while looking for ...`. */
function syntaxError(stderr: string): Site | undefined {
  const [, file, line] = /^(.+?): line (\d+): (?:syntax error|unexpected EOF)/m.exec(stderr) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), function: 'main' };
}
