import { expect, it } from 'vitest';
import { passedTests } from './passed.js';

it('the tests that passed are known by file and full name, unless another of that name did not pass', () => {
  const test = (status: string, ...titles: string[]) => ({ ancestorTitles: titles.slice(0, -1), title: titles.at(-1)!, status });
  const report = { testResults: [
    { name: '/a.spec.ts', assertionResults: [test('passed', 'of', 'one'), test('failed', 'of', 'two'), test('passed', 'twice'), test('skipped', 'twice')] },
    { name: '/b.spec.ts', assertionResults: [test('passed', 'of', 'two')] },
  ] };
  expect([...passedTests(JSON.stringify(report))]).toEqual(['/a.spec.ts > of > one', '/b.spec.ts > of > two']);
});
