import { z } from 'zod';
import { readJsonAnswer, valueAt } from '../read-json-answer.ts';
import { meetsExpectation, valueExpectationSchema } from '../value-expectation.ts';

/** JSON Schema 2020-12, as far as `z.fromJSONSchema` reads it. */
const jsonSchemaSchema = z.record(z.string(), z.unknown());

/** The whole answer is JSON of this schema; with `fenced`, a code block around it is forgiven. */
const jsonCheckSchema = z.strictObject({
  check: z.literal('json-schema'),
  schema: jsonSchemaSchema,
  fenced: z.boolean().optional(),
});

/** Values of the answer's JSON by dotted path (`items.*.price` is the list of every one). */
const jsonValuesSchema = z.strictObject({
  check: z.literal('json-values'),
  values: z.record(z.string(), valueExpectationSchema),
  fenced: z.boolean().optional(),
});

export const jsonCheckSchemas = [jsonCheckSchema, jsonValuesSchema] as const;
export type JsonCheck = z.infer<(typeof jsonCheckSchemas)[number]>;

export function missesOfJson(text: string, check: JsonCheck): string[] {
  const value = readJsonAnswer(text, { fenced: check.fenced ?? false });
  if (value === undefined) return ['is not JSON'];
  if (check.check === 'json-schema') {
    const parsed = z.fromJSONSchema(check.schema).safeParse(value);
    if (parsed.success) return [];
    return parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  }
  return Object.entries(check.values)
    .filter(([path, expected]) => !meetsExpectation(valueAt(value, path), expected))
    .map(([path]) => `${path} is ${shown(valueAt(value, path))}`);
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 120);
}
