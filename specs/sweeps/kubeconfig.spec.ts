import { describe, expect } from 'vitest';
import { defineShell, directory, removed, type FileSpecs, type Run } from 'shellrig';
import { sweepMoments, type ActedRun } from 'shellrig/sweeps';
import measure from '#node/measure-tls-bootstrapping-latency.sh';
import { APPEARED, changesOf, done, KUBECONFIG, late, onlyEvent, START, START_FILE } from '../bootstrap/latency.js';
import { events } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { SCRIPTS } from '../support/scripts.js';
import { NOW } from '../support/time.js';

const SCRIPT = `${SCRIPTS}/measure-tls-bootstrapping-latency.sh`;

/** What kubelet renames. */
const NEW = '/var/lib/kubeconfig.new';

/** How long the measurement watches, and how late it may notice what the watch tells nothing of; milliseconds. */
const LIMIT = 4000;
const INTERVAL = 1000;

// A script that is sourced brings its folder along.
const shell = defineShell({
  source: [measure], env: { __SOURCED__: 'yes', WATCH_TIMEOUT_SECONDS: String(LIMIT / 1000) }, tools: ['inotifywait', 'setsid'], events,
  files: { [START_FILE]: `${START}\n`, '/var/lib/kubelet/': directory(), [NEW]: APPEARED[KUBECONFIG]! },
});

/** Milliseconds since the start of the run. */
function noticedAt(run: Run): number {
  return Date.parse(`${onlyEvent(run).OperationId}Z`) - NOW * 1000;
}

/** One event, true within an interval, within the limit; and nothing stays behind. @param changed what the actor changes. */
const isMeasuredOnce = (changed: FileSpecs) => ({ run, time = Infinity }: ActedRun): void => {
  expect(run).toSucceed();
  const { TaskName, Timestamp } = onlyEvent(run);
  expect(Timestamp).toBe(START);
  if (time < LIMIT) expect(TaskName).toBe(done(0).TaskName);
  if (time === Infinity) expect(TaskName).toBe(late(0).TaskName);
  expect(noticedAt(run)).toBeLessThanOrEqual(Math.min(time + INTERVAL, LIMIT));
  expect(run.record.leftovers).toEqual([]);
  expect(run).toHaveChangedOnly(changesOf(run, time === Infinity ? {} : changed));
};

describe.each([['leads a process group', ['setsid', '--wait']], ['leads none', []]])('the latency is measured by a script that %s', (_, before) => {
  const measured = () => shell.call('env', '-u', '__SOURCED__', ...before, 'bash', SCRIPT);

  sweepMoments('a kubeconfig that is created', measured, { ...lesson('A8', 'A9', 'C14', 'C16'), act: (world) => world.write(APPEARED), never: true, expect: isMeasuredOnce(APPEARED) });
  sweepMoments('a kubeconfig that is renamed into place', measured, { ...lesson('C15'), act: (world) => world.rename(NEW, KUBECONFIG), most: 60, expect: isMeasuredOnce({ ...APPEARED, [NEW]: removed }) });
});
