import type { Site } from '../stubs/call.js';
import { codeFrame } from './code-frame.js';
import { placeText, type HostPaths } from './place.js';

/** Frames of a call stack that are shown; the rest is counted. */
const DEEPEST = 8;

/**
 * Where something happened in the scripts: the innermost place, its code, and who called it.
 * @param stack innermost first.
 * @param sources text of scripts that exist only inside the sandbox, by sandbox path.
 * @returns undefined for an empty stack.
 */
export function whereText(stack: readonly Site[], hostPaths: HostPaths, sources?: (sandboxPath: string) => string | undefined): string | undefined {
  const [innermost, ...callers] = stack;
  if (innermost === undefined) return undefined;
  const lines = [`at ${placeText(innermost, hostPaths)}`];
  const frame = codeFrame(innermost, hostPaths, sources);
  if (frame !== undefined) lines.push('', indented(frame), '');
  lines.push(...callers.slice(0, DEEPEST).map((site) => `called from ${placeText(site, hostPaths)}`));
  if (callers.length > DEEPEST) lines.push(`and ${callers.length - DEEPEST} more callers`);
  return lines.join('\n').trimEnd();
}

/** Every line moved two blanks to the right; empty lines stay empty. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
