/** A command line that cannot be meant: its message is printed in one line, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
