import type { Step } from '../shell/run.js';

/**
 * The step that put a process into the background, as its line tells: a simple command in the background takes no
 * step of its own, only its parent does.
 * @param command the process's command line. @param textAt the script's line at a step, when it can be read.
 * @returns undefined when no line names the command and an `&`.
 */
export function startedAt(command: string, steps: readonly Step[], textAt: (step: Step) => string | undefined): Step | undefined {
  const program = command.split(' ', 1)[0]?.split('/').at(-1) ?? '';
  if (program === '') return undefined;
  return steps.findLast((step) => {
    const text = textAt(step) ?? '';
    return text.includes(program) && /(?:^|[^&>|<])&(?![&>])/.test(text);
  });
}
