import type { RunRecord } from '../shell/run.js';
import type { Invariant } from './invariant.js';

/** Codes that a message lists; the rest is counted. */
const MOST = 24;

/**
 * The run ends with 0 or with a code that the script defines. That a code is defined is not that it was expected: a
 * failure that no expectation looks at fails the test all the same.
 * @param codes the codes other than 0: a list, or a table of names (`{ ERR_DOWNLOAD: 4 }`), whose names messages tell.
 * @throws RangeError for what is no exit code.
 */
export function definedExitCodes(codes: readonly number[] | Readonly<Record<string, number>>): Invariant {
  const table: readonly (readonly [name: string, code: number])[] = Array.isArray(codes) ? codes.map((code: number) => ['', code]) : Object.entries(codes as Record<string, number>);
  for (const [name, code] of table) {
    if (!Number.isInteger(code) || code < 0 || code > 255) throw new RangeError(`definedExitCodes(): an exit code is a whole number from 0 to 255; ${name === '' ? 'received' : `${name} is`} ${code}`);
  }
  const known = [...new Set(table.map(([name, code]) => (name === '' ? String(code) : `${code} ${name}`)))];
  const listed = known.slice(0, MOST).join(', ') + (known.length > MOST ? ` and ${known.length - MOST} more` : '');
  return {
    name: table.length > 6 ? `definedExitCodes(${table.length} codes)` : `definedExitCodes([${table.map(([name, code]) => name || code).join(', ')}])`,
    check({ exitCode }: RunRecord) {
      if (exitCode === 0 || table.some(([, code]) => code === exitCode)) return undefined;
      return {
        reason: `the run ended with ${exitCode}${meaning(exitCode)}`,
        details: [`defined are: 0${listed === '' ? '' : `, ${listed}`}`],
        advice: 'If the code means something to whoever calls the script, define it; otherwise have the script end with one that does.',
      };
    },
  };
}

/** What bash, timeout and the kernel mean by a code (bash(1), EXIT STATUS; timeout(1)). */
function meaning(code: number): string {
  if (code === 124) return ', as timeout does';
  if (code === 126) return ', as where a command cannot be executed';
  if (code === 127) return ', as where a command is not found';
  return code > 128 && code <= 128 + 64 ? `, as where signal ${code - 128} ends a process` : '';
}
