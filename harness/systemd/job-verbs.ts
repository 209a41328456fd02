import type { Outcome } from './calls.js';
import type { Job } from './jobs.js';
import type { Manager } from './manager.js';
import { expanded, type SystemctlCall } from './systemctl-call.js';
import { Refused } from './transactions.js';
import type { JobResult, JobType, Unit } from './unit.js';

/** Why a service's job failed, by its result: the words of systemctl. */
const REASONS: Readonly<Record<string, string>> = {
  'resources': 'of unavailable resources or another system error',
  'protocol': 'the service did not take the steps required by its unit configuration',
  'timeout': 'a timeout was exceeded',
  'exit-code': 'the control process exited with error code',
  'signal': 'a fatal signal was delivered to the control process',
  'core-dump': 'a fatal signal was delivered causing the control process to dump core',
  'start-limit-hit': 'start of the service was attempted too often',
};

/** `start`, `stop`, `restart` and their like. @param give called once: at once with --no-block, or when all jobs are over. */
export function queueJobs(manager: Manager, { verb, words, has, pid }: SystemctlCall, give: (outcome: Outcome) => void): void {
  let err = '';
  let code = 0;
  const jobs = new Set<Job>();
  for (const name of expanded(manager, words)) {
    const unit = manager.unit(name);
    try {
      const type = typeOf(verb, unit);
      if (/@\.[a-z]+$/.test(name)) throw new Refused(`Unit name ${name} is missing the instance name.`, 1, `See system logs and 'systemctl status ${name}' for details.`);
      if (unit.config.load === 'not-found' && unit.active === 'inactive') throw verb === 'stop' ? new Refused(`Unit ${name} not loaded.`, 5) : new Refused(`Unit ${name} not found.`, 5);
      if (manager.isStale(unit) && !has('quiet')) err += staleWarning(unit);
      if (type === undefined) continue;
      if (type === 'reload' && !unit.canReload) throw new Refused(`Job type reload is not applicable for unit ${name}.`, 3);
      if (type === 'stop' && unit.boolean('Unit', 'RefuseManualStop', false)) throw new Refused(`Operation refused, unit ${name} may be requested by dependency only (it is configured to refuse manual start/stop).`, 1);
      const job = manager.transactions.enqueue(unit, type, pid);
      if (type === 'stop' && !has('quiet')) err += triggerWarning(unit, manager);
      if (job) jobs.add(job);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      err += `Failed to ${verb} ${name}: ${error.message}\n${error.hint === undefined ? '' : `${error.hint}\n`}`;
      code = error.exitCode;
    }
  }
  if (jobs.size === 0 || has('no-block')) {
    give({ err, code });
    return;
  }
  const results = new Map<Job, JobResult>();
  for (const job of jobs) {
    job.onEnd.push((result) => {
      results.set(job, result);
      if (results.size < jobs.size) return;
      for (const one of jobs) {
        const text = failureText(one.unit, results.get(one) as JobResult);
        if (text === undefined) continue;
        if (!has('quiet')) err += text;
        code = 1;
      }
      give({ err, code });
    });
  }
}

function typeOf(verb: string, unit: Unit): JobType | undefined {
  const isOff = unit.active === 'inactive' || unit.active === 'failed';
  switch (verb) {
    case 'start': case 'stop': case 'restart': case 'reload': return verb;
    case 'reload-or-restart': return unit.canReload && !isOff ? 'reload' : 'restart';
    case 'try-restart': case 'condrestart': return isOff ? undefined : 'restart';
    default: return isOff ? undefined : unit.canReload ? 'reload' : 'restart';
  }
}

/** What systemctl says of a unit that another will start again. */
function triggerWarning(unit: Unit, manager: Manager): string {
  const triggers = manager.triggersOf(unit).filter(({ active }) => active === 'active');
  return triggers.length === 0 ? '' : `Warning: Stopping ${unit.name}, but it can still be activated by:\n${triggers.map(({ name }) => `  ${name}\n`).join('')}`;
}

/** What systemctl says of a unit whose files are others than those it was read from. */
export function staleWarning(unit: Unit): string {
  return `Warning: The unit file, source configuration file or drop-ins of ${unit.name} changed on disk. Run 'systemctl daemon-reload' to reload units.\n`;
}

function failureText(unit: Unit, result: JobResult): string | undefined {
  const { name, result: why } = unit;
  switch (result) {
    case 'done': case 'skipped': return undefined;
    case 'canceled': return `Job for ${name} canceled.\n`;
    case 'timeout': return `Job for ${name} timed out.\n`;
    case 'dependency': return `A dependency job for ${name} failed. See 'journalctl -xe' for details.\n`;
    case 'invalid': return `${name} is not active, cannot reload.\n`;
    case 'assert': return `Assertion failed on job for ${name}.\n`;
    case 'unsupported': return `Operation on or unit type of ${name} not supported on this system.\n`;
    case 'failed': {
      const reason = REASONS[why];
      const see = `See "systemctl status ${name}" and "journalctl -xeu ${name}" for details.\n`;
      const again = why === 'start-limit-hit' ? `To force a start use "systemctl reset-failed ${name}"\nfollowed by "systemctl start ${name}" again.\n` : '';
      return `Job for ${name} failed${reason === undefined ? '' : ` because ${reason}`}.\n${see}${again}`;
    }
  }
}
