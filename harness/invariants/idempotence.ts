import { treeText } from '../diagnostics/tree-text.js';
import { indented } from '../diagnostics/where.js';
import type { RunRecord } from '../shell/run.js';
import type { Invariant } from './invariant.js';
import { listedPaths, writtenPaths } from './paths.js';

/** Changes that a message lists; the rest is counted. */
const MOST = 15;

/**
 * The same run once more, on what the first one left, changes nothing and ends with the same exit code. Files of declared
 * events do not count. Costs a second run of each run that it is declared of; stubs answer it from the beginning, and
 * `given` files are not given again. Times of files are no change. By a virtual clock it begins a day after the first has
 * ended: who writes the time, or names a file by it, is seen.
 * @param options.except paths or globs that may change again, for instance a log.
 * @throws TypeError for a path that is not absolute.
 */
export function idempotence({ except = [] }: { readonly except?: readonly string[] } = {}): Invariant {
  const mayChange = listedPaths(except, 'idempotence({ except })');
  return {
    name: `idempotence(${except.length === 0 ? '' : `{ except: ${writtenPaths(except)} }`})`,
    again: true,
    check({ again, context, exitCode }: RunRecord) {
      if (!again) {
        return {
          reason: 'there was no second run',
          advice: 'It has to be declared before the run: given({ invariants: [idempotence()] }), or of the shell: defineShell({ invariants: [idempotence()] }).',
          isUnknown: true,
        };
      }
      const events = new Set(again.events.map(({ path }) => path));
      const may = mayChange(again.before);
      const changes = [...again.changes.values()].filter(({ path }) => !events.has(path) && !may.has(path));
      if (changes.length === 0 && again.exitCode === exitCode) return undefined;
      const reasons = [
        again.exitCode === exitCode ? '' : `ended with exit code ${again.exitCode}, the first with ${exitCode}`,
        changes.length === 0 ? '' : `changed ${changes.length === 1 ? changes[0]!.path : `${changes.length} paths`} again`,
      ].filter((text) => text !== '');
      return {
        reason: `the second run ${reasons.join(', and ')}`,
        details: [
          changes.length === 0 ? undefined : `changed by the second run:\n${indented(treeText(changes, { names: context, attributes: 'always', most: MOST }))}`,
          again.stderr.length === 0 ? undefined : `stderr of the second run:\n${indented(again.stderr.toString().trimEnd())}`,
        ],
        place: { label: 'the second run ended', stack: again.lastStack },
        advice: 'Have the script look whether its work is done already. What may change each time: idempotence({ except: [...] }).',
      };
    },
  };
}
