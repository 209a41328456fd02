/** The stable codes of a run that must not count as a result. */
export type StrictCode =
  | 'undeclared-command'
  | 'unanswered-call'
  | 'placeholder'
  | 'leftover-process'
  | 'shell-error'
  | 'limit-time'
  | 'limit-virtual'
  | 'waits-for-ever'
  | 'real-time'
  | 'limit-output'
  | 'limit-memory'
  | 'limit-processes'
  | 'not-recorded'
  | 'unlooked-exit-code'
  | 'unasserted-effects'
  | 'never-awaited'
  | 'unused-stub'
  | 'broken-invariant'
  | 'broken-sweep'
  | 'source-failed'
  | 'sandbox-lost'
  | 'record-damaged'
  | 'systemd';

/** A run, or what a spec did with it, broke a rule that a green test must not hide. The message says what, where and what to do. */
export class StrictError extends Error {
  override readonly name = 'StrictError';
  /** Stable: may be compared in code. */
  readonly code: StrictCode;

  /**
   * What the error is about, a text each, in order: names of undeclared commands, bash's own words for a shell error
   * or for a failure of sourcing, command lines of leftover processes, placeholders. Empty for the other codes.
   */
  readonly subjects: readonly string[];

  constructor(code: StrictCode, message: string, subjects: readonly string[] = []) {
    super(message);
    this.code = code;
    this.subjects = subjects;
  }
}
