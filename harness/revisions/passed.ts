import { testKey } from './plan.js';

/** The part of a report that is read: https://vitest.dev/guide/reporters#json-reporter. */
interface Report {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly title: string; readonly status: string }[] }[];
}

/**
 * The tests that passed by a report of vitest's reporter `json`, by {@link testKey}: none of which another of the same
 * name did not.
 * @throws TypeError or SyntaxError for what is no such report.
 */
export function passedTests(text: string): ReadonlySet<string> {
  const tests = (JSON.parse(text) as Report).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({ key: testKey(name, [...ancestorTitles, title].join(' > ')), status })));
  const others = new Set(tests.filter(({ status }) => status !== 'passed').map(({ key }) => key));
  return new Set(tests.map(({ key }) => key).filter((key) => !others.has(key)));
}
