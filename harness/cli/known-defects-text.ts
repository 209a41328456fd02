import type { TestCase } from 'vitest/node';

/**
 * What a run with `--known-defects` says at its end: which defects showed and which did not.
 * @param tests all tests of the run. @param ids as the file lists them.
 */
export function knownDefectsText(tests: readonly TestCase[], ids: readonly string[]): string {
  const carriers = tests.flatMap((test) => {
    const { knownDefect } = test.meta();
    return knownDefect ? [{ ...knownDefect, test }] : [];
  });
  const lines = ids.map((id) => {
    const own = carriers.filter((carrier) => carrier.ids.includes(id));
    const showing = own.filter(({ isThere }) => isThere);
    if (own.length === 0) return `  ${id} is carried by no test that ran`;
    if (showing.length === 0) return `  ${id} is no longer there: ${count(own.length, 'test')} passed; remove it from the list`;
    return [`  ${id} is there:`, ...showing.map(({ test }) => `    ${test.module.relativeModuleId} > ${test.fullName}`)].join('\n');
  });
  const there = carriers.filter(({ isThere }) => isThere).length;
  return ['', `Known defects: ${count(there, 'test')} failed as expected`, ...lines, '', ''].join('\n');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
