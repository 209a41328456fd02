import type { Site } from '../stubs/call.js';
import { commandText, type Asked } from './command-text.js';
import { outputTail } from './output-tail.js';
import type { StrictError } from './strict-error.js';
import { told } from './strict-messages.js';
import { whereText } from './where.js';

/**
 * Under a virtual clock: everything in the sandbox waited, and no time, stub or actor would ever have ended that.
 * @param stack where the script was, innermost first.
 */
export function waitsForEver(asked: Asked, stack: readonly Site[], output: { readonly stdout: Uint8Array; readonly stderr: Uint8Array }): StrictError {
  const where = whereText(stack, asked.hostPaths);
  return told('waits-for-ever', [
    'The script waits for something that never comes, and was ended: everything in the sandbox waits, and nothing with a time limit.',
    commandText(asked),
    where && `It was ${where}`,
    outputTail('stdout', output.stdout),
    outputTail('stderr', output.stderr),
    'If something outside is to act meanwhile, declare it: a stub that is answered, files, or an actor. If nothing is, give the script a time limit of its own.',
  ]);
}
