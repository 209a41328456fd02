import type { RunRecord } from 'shellrig';
import type { Invariant } from 'shellrig/invariants';
import { sweepFailingCalls, sweepKills } from 'shellrig/sweeps';
import { provisioned, REPORT, reportOf } from '../bootstrap/cse-start.js';

/** The exit codes that a run told: on standard output, in its report, and in events. @throws SyntaxError where one of these is not whole. */
function told({ stdout, after, events }: RunRecord): string[] {
  const report = after.get(REPORT);
  const texts = [stdout.toString(), report?.kind === 'file' ? report.content.toString() : ''].filter((text) => text !== '');
  return [...texts, ...events.map(({ value }) => (value as { Message: string }).Message)].map((text) => (JSON.parse(text) as { ExitCode: string }).ExitCode);
}

/** What is told is whole, and only such exit codes. */
function tellsOnly(...codes: readonly number[]): Invariant {
  return {
    name: `tellsOnly(${codes.join(', ')})`,
    check(record) {
      try {
        const others = told(record).filter((code) => !codes.includes(Number(code)));
        return others.length === 0 ? undefined : { reason: `exit code ${others.join()} was told`, advice: 'It is that of the provisioning.' };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return { reason: `what was told is no JSON: ${error.message}`, advice: 'Have no process of its own make a part of it, and write it beside its place.' };
      }
    },
  };
}

/** The script ends as it told. */
const endsAsTold: Invariant = {
  name: 'endsAsTold()',
  check: (record) => tellsOnly(record.exitCode).check(record),
};

const failing = () => provisioned('end_after 60 7');

sweepFailingCalls('a provisioning that fails', failing, { invariants: [endsAsTold], bounded: ['systemctl', 'systemd-analyze', 'journalctl'] });

sweepKills('a provisioning that fails', failing, {
  // Where the provisioning is what is killed, that is told.
  invariants: [tellsOnly(7, 137)],
  steps: 15, changes: 12,
  converges: (run) => {
    const { ExitCode, ExecDuration } = reportOf(run);
    if (run.exitCode !== 7 || ExitCode !== '7' || ExecDuration !== '60') throw new Error(`ended with ${run.exitCode}, reported ${ExitCode} after ${ExecDuration} s`);
  },
});
