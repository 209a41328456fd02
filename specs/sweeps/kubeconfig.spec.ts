import { describe, expect } from 'vitest';
import { defineShell, directory, file, removed, type FileSpecs, type Run } from 'shellrig';
import { sweepMoments, type ActedRun } from 'shellrig/sweeps';
import measure from '#node/measure-tls-bootstrapping-latency.sh';
import { changesOf, DONE, KUBECONFIG, LATE, onlyEvent, START, START_FILE } from '../bootstrap/latency.js';
import { events } from '../support/events.js';
import { SCRIPTS } from '../support/scripts.js';

const SCRIPT = `${SCRIPTS}/measure-tls-bootstrapping-latency.sh`;
const CONTENT = 'apiVersion: v1\n';
const NEW = '/var/lib/kubeconfig.new';

/** How long the measurement watches, and how late it may notice what the watch tells nothing of; milliseconds. */
const LIMIT = 4000;
const INTERVAL = 1000;

// A script that is sourced brings its folder along.
const shell = defineShell({
  source: [measure], env: { __SOURCED__: 'yes', WATCH_TIMEOUT_SECONDS: String(LIMIT / 1000) }, tools: ['inotifywait', 'setsid'], events,
  files: { [START_FILE]: `${START}\n`, '/var/lib/kubelet/': directory(), [NEW]: CONTENT },
});

/** Milliseconds since the start of the run. */
function noticedAt(run: Run): number {
  return Date.parse(`${onlyEvent(run).OperationId}Z`) - Date.parse('2030-01-01T00:00:00Z');
}

/** One event, true within an interval, within the limit; and nothing stays behind. @param appeared what the actor changes. */
const isMeasuredOnce = (appeared: FileSpecs) => ({ run, time = Infinity }: ActedRun): void => {
  expect(run).toSucceed();
  const { TaskName, Timestamp } = onlyEvent(run);
  expect(Timestamp).toBe(START);
  if (time < LIMIT) expect(TaskName).toBe(DONE.TaskName);
  if (time === Infinity) expect(TaskName).toBe(LATE.TaskName);
  expect(noticedAt(run)).toBeLessThanOrEqual(Math.min(time + INTERVAL, LIMIT));
  expect(run.record.leftovers).toEqual([]);
  expect(run).toHaveChangedOnly(changesOf(run, time === Infinity ? {} : appeared));
};

describe.each([['leads a process group', ['setsid', '--wait']], ['leads none', []]])('the latency is measured by a script that %s', (_, before) => {
  const measured = () => shell.call('env', '-u', '__SOURCED__', ...before, 'bash', SCRIPT);

  sweepMoments('a kubeconfig that is created', measured, { act: (world) => world.write({ [KUBECONFIG]: CONTENT }), never: true, expect: isMeasuredOnce({ [KUBECONFIG]: file(CONTENT) }) });
  sweepMoments('a kubeconfig that is renamed into place', measured, { act: (world) => world.rename(NEW, KUBECONFIG), expect: isMeasuredOnce({ [KUBECONFIG]: file(CONTENT), [NEW]: removed }) });
});
