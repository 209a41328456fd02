/** The stable codes of a run that must not count as a result. */
export type StrictCode =
  | 'undeclared-command'
  | 'unanswered-call'
  | 'leftover-process'
  | 'shell-error'
  | 'limit-time'
  | 'limit-output'
  | 'limit-memory'
  | 'limit-processes'
  | 'not-recorded'
  | 'unlooked-exit-code'
  | 'never-awaited'
  | 'unused-stub'
  | 'source-failed'
  | 'sandbox-lost'
  | 'record-damaged';

/** A run, or what a spec did with it, broke a rule that a green test must not hide. The message says what, where and what to do. */
export class StrictError extends Error {
  override readonly name = 'StrictError';
  /** Stable: may be compared in code. */
  readonly code: StrictCode;

  constructor(code: StrictCode, message: string) {
    super(message);
    this.code = code;
  }
}
