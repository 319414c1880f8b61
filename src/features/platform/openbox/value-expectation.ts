import { z } from 'zod';
import { foldText } from './fold-text.ts';

const plainSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
type Plain = z.infer<typeof plainSchema>;

/**
 * What a value of an answer has to be. A plain value is compared after folding (`foldText`), a number has to be a
 * number. `set` is a list in any order, `list` one in order; `includes` a list that has these among others; `near` a
 * number at most `within` away; `has` a text that contains every one of these.
 */
export const valueExpectationSchema = z.union([
  plainSchema,
  z.strictObject({ oneOf: z.array(plainSchema).min(1) }),
  z.strictObject({ near: z.number(), within: z.number().nonnegative() }),
  z.strictObject({ matches: z.string().min(1) }),
  z.strictObject({ has: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ set: z.array(plainSchema) }),
  z.strictObject({ includes: z.array(plainSchema).min(1) }),
  z.strictObject({ list: z.array(plainSchema) }),
  z.strictObject({ length: z.int().nonnegative() }),
  z.strictObject({ absent: z.literal(true) }),
]);
export type ValueExpectation = z.infer<typeof valueExpectationSchema>;

/** Whether a value is what was expected of it. */
export function meetsExpectation(value: unknown, expected: ValueExpectation): boolean {
  if (expected === null || typeof expected !== 'object') return isSame(value, expected);
  if ('absent' in expected) return value === undefined || value === null || value === '';
  if ('oneOf' in expected) return expected.oneOf.some((one) => isSame(value, one));
  if ('near' in expected) return typeof value === 'number' && Math.abs(value - expected.near) <= expected.within + 1e-9;
  if ('matches' in expected) return typeof value === 'string' && new RegExp(expected.matches, 'isu').test(value.trim());
  if ('has' in expected) {
    return typeof value === 'string' && expected.has.every((part) => foldText(value).includes(foldText(part)));
  }
  if (!Array.isArray(value)) return false;
  const values: readonly unknown[] = value;
  if ('length' in expected) return values.length === expected.length;
  if ('includes' in expected) return expected.includes.every((one) => values.some((other) => isSame(other, one)));
  if ('list' in expected) return isSameList(values, expected.list);
  return values.length === expected.set.length && isSameSet(values, expected.set);
}

function isSame(value: unknown, expected: Plain): boolean {
  if (typeof expected === 'string') return typeof value === 'string' && foldText(value) === foldText(expected);
  if (typeof expected === 'number') return typeof value === 'number' && Math.abs(value - expected) < 1e-9;
  return value === expected;
}

function isSameList(values: readonly unknown[], expected: readonly Plain[]): boolean {
  return values.length === expected.length && expected.every((one, index) => isSame(values[index], one));
}

/** Each expected value takes one of the answer's. */
function isSameSet(values: readonly unknown[], expected: readonly Plain[]): boolean {
  const left = [...values];
  return expected.every((one) => {
    const index = left.findIndex((value) => isSame(value, one));
    if (index === -1) return false;
    left.splice(index, 1);
    return true;
  });
}
