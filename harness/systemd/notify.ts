import { takeApart } from './calls.js';
import type { Manager } from './manager.js';
import { problem } from './problem.js';
import { Service } from './service.js';
import type { Request } from './turns.js';

const flag = (long: string) => ({ long });

/** Answers a call of systemd-notify: systemd-notify(1). Which service calls is known by its process. */
export function systemdNotify(request: Request, manager: Manager): void {
  const { call } = request;
  const { options, words } = takeApart(call, { 'ready': flag('ready'), 'status': { long: 'status', value: true }, 'booted': flag('booted'), 'stopping': flag('stopping'), 'no-block': flag('no-block'), 'pid': flag('pid') });
  if (options.has('booted')) {
    manager.turns.reply(request, {});
    return;
  }
  const caller = new Set([call.pid, ...call.ancestors]);
  const service = manager.loaded().find((unit): unit is Service => unit instanceof Service && unit.invocation !== '' && manager.processes.membersOf(unit.invocation).some((pid) => caller.has(pid)));
  if (!service) {
    manager.turns.reply(request, { err: 'No status data could be sent: $NOTIFY_SOCKET was not set\n', code: 1 });
    return;
  }
  const access = service.last('Service', 'NotifyAccess')?.value ?? 'main';
  const [, parent] = [call.pid, ...call.ancestors.filter((pid) => pid !== call.pid)];
  if (access !== 'all' && parent !== service.livingMain && !(access === 'exec' && service.ran.some(({ execution }) => execution.process.pid === parent))) {
    manager.journal.say(service.name, `${service.name}: Got notification message from PID ${parent ?? call.pid}, but reception only permitted for main PID ${service.livingMain}`);
    manager.turns.reply(request, {});
    return;
  }
  const unknown = words.find((word) => !/^(READY=1|STATUS=.*|WATCHDOG=(1|trigger))$/s.test(word));
  if (unknown !== undefined) throw problem(`systemd-notify ${call.args.join(' ')}`, `the stand-in does not do ${unknown}`);
  service.notify([...(options.has('ready') ? ['READY=1'] : []), ...(options.get('status') ?? []).map((text) => `STATUS=${text}`), ...words]);
  manager.turns.reply(request, {});
}
