import { expect, it } from 'vitest';
import { countsOf } from './parts.mjs';

const report = (testResults: object[]) =>
  JSON.stringify({
    numPassedTests: 7,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults,
  });

it('counts tests as Vitest does', () => {
  const files = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
  expect(countsOf(report(files))).toEqual({ passed: 7, failed: 1, skipped: 2 });
});

it('counts a file that could not be run as a failure', () => {
  const files = [
    { status: 'failed', assertionResults: [{ status: 'failed' }] },
    { status: 'failed', assertionResults: [] },
  ];
  expect(countsOf(report(files)).failed).toBe(2);
});
