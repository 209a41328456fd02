import type { Run } from '../shell/run.js';

/**
 * The run that an expectation received.
 * @throws TypeError when it received something else, most often the promise of a run that was not awaited.
 */
export function receivedRun(received: unknown, matcher: string): Run {
  if (isRun(received)) return received;
  if (received instanceof Promise || typeof (received as PromiseLike<unknown> | null)?.then === 'function') {
    throw new TypeError(`expect(run).${matcher}() received a promise, not a run. Write \`await\` before .call(), .exec() or .source().`);
  }
  throw new TypeError(`expect(run).${matcher}() takes what .call(), .exec() or .source() resolves to; it received ${described(received)}.`);
}

function isRun(received: unknown): received is Run {
  const run = received as Partial<Run> | null | undefined;
  return typeof run === 'object' && run !== null && run.looked instanceof Set && typeof run.record?.context === 'object';
}

function described(received: unknown): string {
  if (received === null || received === undefined) return String(received);
  if (typeof received === 'string') return `the string ${JSON.stringify(received.slice(0, 60))}`;
  if (typeof received === 'number' || typeof received === 'boolean') return `the ${typeof received} ${received}`;
  const members = Object.keys(received).slice(0, 5);
  return members.length === 0 ? 'an object without members' : `an object with ${members.join(', ')}`;
}
