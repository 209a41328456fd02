import { rmSync } from 'node:fs';
import { constants } from 'node:os';
import { dirSync } from 'tmp-promise';

/** What ends a command from outside. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long what is going on may take to end when a signal has come; milliseconds. */
const GRACE = 3000;

const endings = new Set<() => Promise<void>>();

/**
 * Works with a temporary folder that goes away with the work, however it ends: with an error, or with a signal that
 * ends the process.
 * @param work gets the folder's path.
 */
export async function withTemporaryFolder<Result>(work: (path: string) => Promise<Result>): Promise<Result> {
  const leave = (signal: NodeJS.Signals) => {
    const exit = () => process.exit(128 + constants.signals[signal]);
    setTimeout(exit, GRACE);
    void Promise.allSettled([...endings].map((end) => end())).then(exit);
  };
  for (const signal of SIGNALS) process.once(signal, leave);
  const { name: path } = dirSync({ prefix: 'shellrig' });
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    return await work(path);
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
    process.off('exit', remove);
    remove();
  }
}

/**
 * Has something ended in order when a signal ends the process while {@link withTemporaryFolder} works.
 * @returns takes it back.
 */
export function endBySignal(end: () => Promise<void>): () => void {
  endings.add(end);
  return () => endings.delete(end);
}
