import { didYouMean } from '../diagnostics/suggest.js';
import { takeApart, type OptionTable, type Outcome } from './calls.js';
import { changeFiles, FILE_VERBS } from './file-verbs.js';
import { queueJobs } from './job-verbs.js';
import type { Manager } from './manager.js';
import { problem } from './problem.js';
import { unitName, type SystemctlCall } from './systemctl-call.js';
import { Service } from './service.js';
import { tellState } from './state-verbs.js';
import { signalName, signalNumber } from './values.js';
import type { Request } from './turns.js';

const flag = (long: string) => ({ long });
const value = (long: string) => ({ long, value: true as const });
const both = (letter: string, long: string, takesValue = false) => ({ [letter]: takesValue ? value(long) : flag(long), [long]: takesValue ? value(long) : flag(long) });

const OPTIONS: OptionTable = {
  ...both('q', 'quiet'), ...both('l', 'full'), ...both('a', 'all'), ...both('p', 'property', true), ...both('t', 'type', true), ...both('n', 'lines', true), ...both('o', 'output', true), ...both('s', 'signal', true), ...both('f', 'force'),
  P: value('P'),
  'no-block': flag('no-block'), 'no-pager': flag('no-pager'), 'no-legend': flag('no-legend'), 'no-reload': flag('no-reload'), 'no-warn': flag('no-warn'), 'no-ask-password': flag('no-ask-password'),
  value: flag('value'), plain: flag('plain'), now: flag('now'), runtime: flag('runtime'), failed: flag('failed'), system: flag('system'), state: value('state'), 'kill-whom': value('kill-whom'), 'kill-who': value('kill-whom'), 'job-mode': value('job-mode'),
};

const JOBS = ['start', 'stop', 'restart', 'try-restart', 'reload', 'reload-or-restart', 'try-reload-or-restart', 'condrestart', 'force-reload'];
const STATES = ['is-active', 'is-failed', 'is-enabled', 'status', 'show', 'cat', 'list-units', 'list-unit-files', 'list-timers', 'is-system-running', 'get-default'];
const OTHERS = ['daemon-reload', 'daemon-reexec', 'reset-failed', 'kill'];

/** Verbs for which at least one unit has to be named. */
const NEED_UNITS = new Set([...JOBS, ...FILE_VERBS, 'is-active', 'is-failed', 'is-enabled', 'cat', 'kill']);

/** Answers a call of systemctl: systemctl(1). @throws StrictError for a verb or an option that the stand-in does not know. */
export function systemctl(request: Request, manager: Manager): void {
  const { call } = request;
  const place = `systemctl ${call.args.join(' ')}`;
  const { options, words: [verb = 'list-units', ...words] } = takeApart(call, OPTIONS);
  const asked: SystemctlCall = {
    verb, words, place, pid: call.pid,
    has: (option) => options.has(option),
    values: (option) => (options.get(option) ?? []).flatMap((text) => text.split(',')),
  };
  const known = [...JOBS, ...FILE_VERBS, ...STATES, ...OTHERS];
  if (!known.includes(verb)) throw problem(place, `the stand-in knows no verb ${verb} of systemctl.${didYouMean(verb, known)}`);
  const jobMode = asked.values('job-mode')[0];
  if (jobMode !== undefined && jobMode !== 'replace') throw problem(place, `the stand-in knows no --job-mode=${jobMode}`);
  const give = (outcome: Outcome) => manager.turns.reply(request, outcome);
  if (NEED_UNITS.has(verb) && words.length === 0) {
    give({ err: 'Too few arguments.\n', code: 1 });
  } else if (JOBS.includes(verb)) {
    queueJobs(manager, asked, give);
  } else if (FILE_VERBS.includes(verb)) {
    const { work, outcome } = changeFiles(manager.unitFiles, asked);
    manager.turns.work(request, work, () => {
      if (outcome.code === undefined && !asked.has('no-reload')) manager.reloadAll();
      const next = asked.has('now') && outcome.code === undefined ? (verb === 'enable' ? 'start' : verb === 'disable' || verb === 'mask' ? 'stop' : undefined) : undefined;
      if (next === undefined) give(outcome);
      else queueJobs(manager, { ...asked, verb: next }, (then) => give({ ...then, err: `${outcome.err ?? ''}${then.err ?? ''}` }));
    });
  } else if (STATES.includes(verb)) {
    give(tellState(manager, asked));
  } else {
    give(others(manager, asked));
  }
}

function others(manager: Manager, { verb, words, values, place }: SystemctlCall): Outcome {
  if (verb.startsWith('daemon-')) {
    manager.reloadAll();
    return {};
  }
  if (verb === 'reset-failed') {
    if (words.length === 0) for (const unit of manager.loaded()) unit.reset();
    const missing = words.map(unitName).filter((name) => manager.unit(name).config.load === 'not-found');
    for (const name of words.map(unitName)) manager.unit(name).reset();
    return { err: missing.map((name) => `Failed to reset failed state of unit ${name}: Unit ${name} not loaded.\n`).join(''), code: missing.length > 0 ? 1 : 0 };
  }
  const signal = signalNumber(values('signal')[0] ?? 'TERM');
  if (signal === undefined) throw problem(place, 'there is no such signal');
  const whom = values('kill-whom')[0] ?? 'all';
  let err = '';
  for (const name of words.map(unitName)) {
    const unit = manager.unit(name);
    if (!(unit instanceof Service) || unit.active === 'inactive') {
      err += `Failed to kill unit ${name}: Unit ${name} not loaded.\n`;
      continue;
    }
    const pids = whom === 'main' ? [unit.livingMain].filter((pid) => pid > 0) : manager.processes.membersOf(unit.invocation);
    for (const pid of pids) manager.journal.say(name, `${name}: Sent signal SIG${signalName(signal)} to ${pid === unit.livingMain ? 'main process' : 'process'} ${pid} (${manager.processes.nameOf(pid)}) on client request.`);
    manager.processes.signal(pids, signalName(signal));
  }
  return { err, code: err === '' ? 0 : 1 };
}
