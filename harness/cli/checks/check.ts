/** What one check of `shellrig doctor` found. */
export interface Check {
  /** What was looked at: `bubblewrap`. */
  readonly name: string;
  /** `limited`: sandboxes run, but not all that they can do is there. */
  readonly result: 'ok' | 'limited' | 'missing';
  /** What is there, or why not. */
  readonly reason: string;
  /** The one command, or the one deed, that mends it. */
  readonly remedy?: string;
}

export function ok(name: string, reason: string): Check {
  return { name, result: 'ok', reason };
}

export function limited(name: string, reason: string, remedy: string): Check {
  return { name, result: 'limited', reason, remedy };
}

export function missing(name: string, reason: string, remedy: string): Check {
  return { name, result: 'missing', reason, remedy };
}
