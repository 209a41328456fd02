import { StrictError } from '../diagnostics/strict-error.js';

/** What a run that cannot be recorded says, with what `shellrig record` can do about it. @param script as a person would name it. */
export function refusalText(error: Error, script: string): string {
  if (!(error instanceof StrictError)) return `${error.message}\n`;
  // What a spec would say of it is no option of the command.
  const message = error.message
    .replace(/limits: \{ time: '([^']+)' \}/, '--time $1')
    .replace(/, or end the run earlier by its clock:\n *limits: \{ virtual: '[^']+' \}/, '.');
  const advice = adviceFor(error, script).map((line) => `  ${line}\n`).join('');
  return `${message}\n${advice === '' ? '' : `\n${advice}`}`;
}

function adviceFor({ code, message }: StrictError, script: string): readonly string[] {
  if (code === 'limit-time') return ['A command that it waits for says nothing while it is recorded: --stub NAME[:CODE][=TEXT] has it answer.'];
  if (code !== 'source-failed' || message.startsWith('bash cannot read')) return [];
  return ['--env, --file, --source and --stub give a script what it needs while it is sourced.', ...mainAdvice(script)];
}

/** Of a script that does its work, or ends, where it is sourced for one of its functions: sourcing gives it no arguments. */
export function mainAdvice(script: string): readonly string[] {
  return [
    'One that calls its functions at its end, with its arguments, cannot be sourced for one of them. Record it as a whole, with arguments that lead there:',
    `  shellrig record ${script} -- ARG...`,
    'or have it do its work only where it is run: [[ ${BASH_SOURCE[0]} != "$0" ]] || main "$@"',
  ];
}
