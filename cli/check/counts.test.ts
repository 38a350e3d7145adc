import { expect, test } from 'vitest';
import { countTests } from './counts.ts';

const report = (counts: object): string =>
  JSON.stringify({
    numPassedTests: 5,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numFailedTestSuites: 0,
    testResults: [],
    ...counts,
  });

test('counts what the runner counted', () => {
  expect(countTests(report({ numFailedTests: 2 }))).toEqual({
    passed: 5,
    failed: 2,
    skipped: 0,
    failures: [],
  });
  expect(countTests(report({ numPendingTests: 1, numTodoTests: 2 }))).toEqual({
    passed: 5,
    failed: 0,
    skipped: 3,
    failures: [],
  });
});

test('a file that could not even be loaded has failed', () => {
  const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }];
  expect(countTests(report({ numFailedTestSuites: 1, testResults }))).toEqual({
    passed: 5,
    failed: 1,
    skipped: 0,
    failures: ['a.test.ts'],
  });
});

test.each(['', 'no json', '{}', 'null'])('tests that can not be counted did not pass: %j', (text) => {
  expect(countTests(text)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    failures: ['the tests: no report was left'],
  });
});

test('says which tests failed', () => {
  const assertionResults = [
    { fullName: 'adds', status: 'passed' },
    { fullName: 'takes away', status: 'failed' },
  ];
  const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults }];
  expect(countTests(report({ numFailedTests: 1, testResults })).failures).toEqual(['a.test.ts: takes away']);
});
