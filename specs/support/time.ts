import { beforeEach } from 'vitest';
import { handle, type Allowances, type Stub } from 'shellrig';

/** When the clock of every spec starts, in seconds since the epoch. */
export const NOW = 1_772_366_400;

/** Time that passes only where a spec says so: what sleeps, sleeps no longer than its call takes. */
export interface Clock {
  /** For `shell.with()`: `sleep`, whose calls let the time pass that they ask for, and `date`, which tells it. */
  readonly options: { readonly stubs: Readonly<Record<'sleep' | 'date', Stub>>; readonly allow: Allowances };
  /** The seconds that have passed in this test. */
  readonly passed: number;
  /** A stub whose calls let so many seconds pass and then answer: a text to print, or an exit code, 0 by default. */
  readonly takes: (seconds: number, answer?: string | number) => Stub;
}

/** A clock for the specs of a file: it stands at {@link NOW} when a test begins. @throws Error where `date` is asked for what no script of a node asks it. */
export function clock(): Clock {
  let passed = 0;
  beforeEach(() => { passed = 0; });
  const pass = (seconds: number, answer?: string | number) => {
    passed += seconds;
    return answer;
  };
  return {
    options: {
      stubs: {
        sleep: handle(({ args }) => pass(Number(args[0]))),
        date: handle(({ args }) => `${told(args.join(' '), NOW + passed)}\n`),
      },
      // Reading the clock is nothing that a spec has to look at.
      allow: { unasserted: { calls: ['date'] } },
    },
    get passed() { return passed; },
    takes: (seconds, answer) => handle(() => pass(seconds, answer)),
  };
}

function told(format: string, seconds: number): string {
  switch (format) {
    case '+%s': return String(Math.floor(seconds));
    case '+%s%3N': return String(Math.round(seconds * 1000));
    case '+%F %T.%3N': return new Date(seconds * 1000).toISOString().replace('T', ' ').replace('Z', '');
    default: throw new Error(`the clock of specs cannot tell \`date ${format}\``);
  }
}
