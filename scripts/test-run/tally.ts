import { z } from 'zod';

/** What the tests of a run came to; `failures` and `skips` name every one that is counted. */
export interface Tally {
  passed: number;
  failures: string[];
  skips: string[];
}

export function emptyTally(): Tally {
  return { passed: 0, failures: [], skips: [] };
}

export function addTally(into: Tally, more: Tally): void {
  into.passed += more.passed;
  into.failures.push(...more.failures);
  into.skips.push(...more.skips);
}

/** The parts of Vitest's JSON report (the `json` reporter, Jest's format) that are read here. */
const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

/**
 * Counts one Vitest process. A file that could not be loaded, an error outside every test and a
 * process that died have no failed test of their own, but are failures.
 */
export function tallyReport({
  stage,
  report,
  exitCode,
  root,
}: {
  stage: string;
  /** The JSON reporter's text; null when it was never written. */
  report: string | null;
  exitCode: number;
  /** Cut from the file names. */
  root: string;
}): Tally {
  const tally = emptyTally();
  const parsed = reportSchema.safeParse(report === null ? null : parseJson(report));
  if (!parsed.success) {
    tally.failures.push(`${stage}: the test runner ended (status ${exitCode}) without a report`);
    return tally;
  }
  for (const file of parsed.data.testResults) {
    const path = file.name.replace(`${root}/`, '');
    const failuresBefore = tally.failures.length;
    for (const { fullName, status } of file.assertionResults) {
      const name = `${stage}: ${path} > ${fullName}`;
      if (status === 'passed') tally.passed += 1;
      else if (status === 'failed') tally.failures.push(name);
      else tally.skips.push(name);
    }
    if (file.status === 'failed' && tally.failures.length === failuresBefore) {
      tally.failures.push(`${stage}: ${path} could not be run: ${firstLine(file.message)}`);
    }
  }
  if (exitCode !== 0 && tally.failures.length === 0) {
    tally.failures.push(`${stage}: the test runner reported an error outside every test (status ${exitCode})`);
  }
  return tally;
}

/** The one line that ends a run: `N passed, N failed`, and `, N skipped` when there are any. */
export function tallyLine({ passed, failures, skips }: Tally): string {
  const line = `${passed} passed, ${failures.length} failed`;
  return skips.length > 0 ? `${line}, ${skips.length} skipped` : line;
}

/** Something failed, or nothing was proved. */
export function isFailure({ passed, failures }: Tally): boolean {
  return failures.length > 0 || passed === 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function firstLine(text: string | undefined): string {
  return text?.trim().split('\n')[0] ?? 'no reason given';
}
