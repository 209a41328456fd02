import { didYouMean } from '../diagnostics/suggest.js';
import { takeApart, type Outcome } from './calls.js';
import { spanText } from './journal.js';
import type { Manager } from './manager.js';
import { problem } from './problem.js';
import { KERNEL_SHARE } from './properties.js';
import type { Request } from './turns.js';

/** Answers a call of systemd-analyze: systemd-analyze(1), of which the stand-in has `time`. @throws StrictError for other verbs, and for options. */
export function systemdAnalyze(request: Request, manager: Manager): void {
  const { words: [verb = 'time'] } = takeApart(request.call, { 'no-pager': { long: 'no-pager' }, 'system': { long: 'system' } });
  if (verb !== 'time') throw problem(`systemd-analyze ${request.call.args.join(' ')}`, `the stand-in knows no verb ${verb} of systemd-analyze.${didYouMean(verb, ['time'])}`);
  manager.turns.reply(request, bootTime(manager));
}

/** How long the machine took until the run began: nothing is told of its firmware. The blanks at the line's end are systemd's. */
function bootTime({ up }: Manager): Outcome {
  const [kernel, userspace] = [up * KERNEL_SHARE, up * (1 - KERNEL_SHARE)].map((span) => spanText(span, 3));
  return { out: `Startup finished in ${kernel} (kernel) + ${userspace} (userspace) = ${spanText(up, 3)} \nmulti-user.target reached after ${userspace} in userspace.\n` };
}
