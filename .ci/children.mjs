/**
 * Ends a command when this process ends, and with it all that it started.
 *
 * @template {import('zx').ProcessPromise} Command
 * @param {Command} command started with zx's option `detached`, which gives it a process group of its own
 * @returns {Command} the same
 */
export function endedWithUs(command) {
  const end = () => {
    try {
      if (command.pid !== undefined) process.kill(-command.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  process.once('exit', end);
  const forget = () => void process.off('exit', end);
  command.then(forget, forget);
  return command;
}

/** Makes a signal an ordinary end of this process, at which its children end too. */
export function exitOnSignals() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => process.exit(1));
}
