import { describe, expect } from 'vitest';
import type { Run } from 'shellrig';
import { definedExitCodes } from 'shellrig/invariants';
import { sweepKills } from 'shellrig/sweeps';
import { unitsOf } from 'shellrig/systemd';
import { boot } from '../boot/boot.js';
import { nodeIn } from '../boot/node-in.js';
import { tasksOf } from '../boot/story.js';
import { COMPLETE, LOG, REPORT } from '../bootstrap/cse-start.js';
import { configurationOf } from '../support/configuration.js';
import { ERROR_CODES } from '../support/error-codes.js';
import { eventsOf } from '../support/events.js';

/** What bash and timeout(1) say of a program that was killed. */
const KILLED = 137;

/** The exit code of a provisioning that failed and said so; undefined where none did. */
function failureToldBefore({ record: { before } }: Run): string | undefined {
  const report = before.get(REPORT);
  if (!before.has(COMPLETE) || report?.kind !== 'file') return undefined;
  const { ExitCode } = JSON.parse(report.content.toString()) as { readonly ExitCode: string };
  return ExitCode === '0' ? undefined : ExitCode;
}

/** The node is ready; or its provisioning had failed and said so, and says so again. */
function isReadyOrSaysWhy(run: Run): string {
  const failure = failureToldBefore(run);
  if (failure !== undefined) {
    expect(String(run.exitCode)).toBe(failure);
    // By itself, and before that.
    expect(eventsOf(run).filter(({ TaskName }) => TaskName === 'AKS.CSE.cse_start').map(({ Message }) => (JSON.parse(Message) as { readonly ExitCode: string }).ExitCode)).toEqual([failure, failure]);
    expect(run.file(LOG).text).toContain(`Already ran, and failed with exit code ${failure}\n`);
    return 'as it had told';
  }
  expect(run.exitCode).toBe(0);
  const units = unitsOf(run);
  expect([units.state('containerd'), units.state('kubelet')]).toEqual(['active', 'active']);
  const { registered = Infinity, ready = Infinity } = nodeIn(run);
  expect(ready).toBeLessThan(Infinity);
  expect(registered).toBeLessThan(ready);
  expect(tasksOf(run)).toContain('AKS.CSE.cse_start');
  return 'the node is ready';
}

describe('a node', () => {
  // A boot is long. `--most 300` tries as many kills of it, in some minutes.
  sweepKills('that boots', () => boot(configurationOf('ubuntu2404gen2'), { pace: { containerd: 0.04 } }), {
    invariants: [definedExitCodes({ ...ERROR_CODES, KILLED })],
    // What the node is does not depend on what its logs say.
    except: ['/var/log/**', '/opt/m'],
    marks: [COMPLETE],
    most: 8,
    timeout: 1_200_000,
    converges: isReadyOrSaysWhy,
  });
});
