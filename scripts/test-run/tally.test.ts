import { describe, expect, test } from 'vitest';
import { isFailure, tallyLine, tallyReport } from './tally.ts';

function reportOf(
  ...files: { name: string; status: string; message?: string; tests: Record<string, string> }[]
): string {
  return JSON.stringify({
    testResults: files.map(({ tests, ...file }) => ({
      ...file,
      assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
    })),
  });
}

describe('counting one report', () => {
  test('tests are counted by their status and named without the root', () => {
    const report = reportOf({
      name: '/r/src/a.test.ts',
      status: 'failed',
      tests: { a: 'passed', b: 'failed', c: 'skipped' },
    });
    const tally = tallyReport({ stage: 'unit', report, exitCode: 1, root: '/r' });
    expect(tally).toEqual({
      passed: 1,
      failures: ['unit: src/a.test.ts > b'],
      skips: ['unit: src/a.test.ts > c'],
    });
    expect(tallyLine(tally)).toBe('1 passed, 1 failed, 1 skipped');
    expect(isFailure(tally)).toBe(true);
  });

  test('a file that cannot be loaded is a failure with its reason', () => {
    const report = reportOf({ name: '/r/a.test.ts', status: 'failed', message: 'Cannot find x\n at y', tests: {} });
    expect(tallyReport({ stage: 'unit', report, exitCode: 1, root: '/r' }).failures).toEqual([
      'unit: a.test.ts could not be run: Cannot find x',
    ]);
  });

  test('an error outside every test is a failure', () => {
    const report = reportOf({ name: '/r/a.test.ts', status: 'passed', tests: { a: 'passed' } });
    expect(tallyReport({ stage: 'unit', report, exitCode: 1, root: '/r' }).failures).toHaveLength(1);
    expect(tallyReport({ stage: 'unit', report, exitCode: 0, root: '/r' }).failures).toEqual([]);
  });

  test.each([null, '', '{"testResults":'])('a runner without a whole report failed: %j', (report) => {
    expect(tallyReport({ stage: 'e2e', report, exitCode: 0, root: '/r' }).failures).toHaveLength(1);
  });
});

test('a run that proved nothing fails, and skips are told only when there are any', () => {
  expect(isFailure({ passed: 0, failures: [], skips: ['a'] })).toBe(true);
  expect(isFailure({ passed: 1, failures: [], skips: ['a'] })).toBe(false);
  expect(tallyLine({ passed: 3, failures: [], skips: [] })).toBe('3 passed, 0 failed');
});
