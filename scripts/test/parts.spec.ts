import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../setup/root.mjs';
import { countsOf } from './parts.mjs';

const name = join(ROOT, 'libs/a.spec.ts');
const test = (status: string, fullName = 'a test', ...failureMessages: string[]) => ({
  status,
  fullName,
  failureMessages,
});
const report = (...files: { status: string; message?: string; assertionResults: object[] }[]) =>
  countsOf(JSON.stringify({ testResults: files.map((file) => ({ name, ...file })) }));

it('counts tests, and says which failed and why', () => {
  const assertionResults = [
    test('passed'),
    test('failed', 'holds', 'AssertionError: expected 1 to be 2\n  at a.spec.ts:3'),
    test('passed'),
    test('skipped'),
    test('todo'),
  ];
  expect(report({ status: 'failed', assertionResults })).toEqual({
    passed: 2,
    skipped: 2,
    failures: ['libs/a.spec.ts > holds: AssertionError: expected 1 to be 2'],
  });
});

it('counts a file that could not be run as a failure', () => {
  const { failures } = report(
    { status: 'failed', message: 'SyntaxError: no\nat b', assertionResults: [] },
    { status: 'failed', message: '', assertionResults: [test('passed')] },
  );
  expect(failures).toEqual(['libs/a.spec.ts: SyntaxError: no', 'libs/a.spec.ts: could not be run']);
});

it('counts what had not ended when its process did as failures', () => {
  const { passed, skipped, failures } = report({
    status: 'passed',
    assertionResults: [test('passed'), test('pending', 'hungry'), test('pending', 'last')],
  });
  expect({ passed, skipped }).toEqual({ passed: 1, skipped: 0 });
  expect(failures).toEqual([
    'libs/a.spec.ts > hungry: did not end',
    'libs/a.spec.ts > last: did not end',
  ]);
});
