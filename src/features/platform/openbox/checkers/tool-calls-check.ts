import { z } from 'zod';
import type { Answer } from '../answer.ts';
import { readJsonAnswer, valueAt } from '../read-json-answer.ts';
import { meetsExpectation, valueExpectationSchema } from '../value-expectation.ts';

/**
 * Exactly these calls, in any order, unless `ordered`; none where the list is empty. Arguments by dotted path; an
 * argument that is neither expected nor in `optional` is one too many.
 */
export const toolCallsCheckSchema = z.strictObject({
  check: z.literal('tool-calls'),
  calls: z.array(
    z.strictObject({
      name: z.string().min(1),
      arguments: z.record(z.string(), valueExpectationSchema),
      optional: z.array(z.string()).optional(),
    }),
  ),
  ordered: z.boolean().optional(),
});
export type ToolCallsCheck = z.infer<typeof toolCallsCheckSchema>;
type ExpectedCall = ToolCallsCheck['calls'][number];
type Call = Answer['toolCalls'][number];

export function missesOfToolCalls(calls: Answer['toolCalls'], check: ToolCallsCheck): string[] {
  if (calls.length !== check.calls.length) {
    const names = calls.map(({ name }) => name).join(', ') || 'nothing';
    return [`calls ${names}, where ${check.calls.length} calls were due`];
  }
  const left = [...calls];
  const misses: string[] = [];
  for (const expected of check.calls) {
    const index = check.ordered ? 0 : best(left, expected);
    const [call] = left.splice(index, 1);
    if (call) misses.push(...missesOfCall(call, expected));
  }
  return misses;
}

/** The call that fits best is the one meant. */
function best(calls: readonly Call[], expected: ExpectedCall): number {
  const misses = calls.map((call) => missesOfCall(call, expected).length);
  return misses.indexOf(Math.min(...misses));
}

function missesOfCall(call: Call, expected: ExpectedCall): string[] {
  if (call.name !== expected.name) return [`calls ${call.name}, not ${expected.name}`, 'so no argument fits'];
  const values = readJsonAnswer(call.arguments === '' ? '{}' : call.arguments);
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    return [`the arguments of ${call.name} are no JSON object`];
  }
  const known = new Set([...Object.keys(expected.arguments).map(firstStep), ...(expected.optional ?? [])]);
  const extra = Object.entries(values).filter(([name, value]) => value !== null && !known.has(name));
  const wrong = Object.entries(expected.arguments).filter(
    ([path, expectation]) => !meetsExpectation(valueAt(values, path), expectation),
  );
  return [
    ...wrong.map(
      ([path]) => `${call.name}.${path} is ${JSON.stringify(valueAt(values, path))?.slice(0, 80) ?? 'absent'}`,
    ),
    ...extra.map(([name]) => `${call.name}.${name} was not asked for`),
  ];
}

function firstStep(path: string): string {
  return path.split('.')[0] ?? path;
}
