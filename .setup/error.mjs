/** A reason why set-up cannot go on that is the reader's to mend: printed without a stack. */
export class SetUpError extends Error {
  /**
   * @param {string} message what is missing and what to do about it
   * @param {number} [exitCode] 1 unless the command line itself was wrong
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
