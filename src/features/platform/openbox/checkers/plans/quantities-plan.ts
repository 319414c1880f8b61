import { z } from 'zod';
import { foldText } from '../../fold-text.ts';

const bounds = z.tuple([z.number(), z.number()]);

/**
 * A list of `{item, count}` with whole counts: the sums over each dimension (price, weight, …) within bounds, how many
 * pieces and how many different items; `each` bounds a single item.
 */
export const quantitiesPlanSchema = z.strictObject({
  kind: z.literal('quantities'),
  items: z.record(z.string(), z.record(z.string(), z.number())),
  sums: z.record(z.string(), bounds),
  pieces: bounds.optional(),
  different: bounds.optional(),
  each: z.record(z.string(), bounds).optional(),
});
type QuantitiesPlan = z.infer<typeof quantitiesPlanSchema>;

const listSchema = z.array(z.looseObject({ item: z.string(), count: z.int().nonnegative() }));

export function missesOfQuantities(value: unknown, plan: QuantitiesPlan): string[] {
  const parsed = listSchema.safeParse(value);
  if (!parsed.success) return ['is no list of {item, count} with whole counts'];
  const counts = new Map<string, number>();
  const misses: string[] = [];
  for (const { item, count } of parsed.data) {
    const name = Object.keys(plan.items).find((one) => foldText(one) === foldText(item));
    if (name === undefined) misses.push(`${item} is not to be had`);
    else counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const used = [...counts].filter(([, count]) => count > 0);
  for (const [dimension, allowed] of Object.entries(plan.sums)) {
    const sum = used.reduce((total, [name, count]) => total + count * (plan.items[name]?.[dimension] ?? 0), 0);
    if (!isBetween(sum, allowed)) misses.push(`the sum of ${dimension} is ${sum}`);
  }
  const pieces = used.reduce((total, [, count]) => total + count, 0);
  if (plan.pieces && !isBetween(pieces, plan.pieces)) misses.push(`there are ${pieces} pieces`);
  if (plan.different && !isBetween(used.length, plan.different)) misses.push(`there are ${used.length} different ones`);
  for (const [name, allowed] of Object.entries(plan.each ?? {})) {
    if (!isBetween(counts.get(name) ?? 0, allowed)) misses.push(`there are ${counts.get(name) ?? 0} of ${name}`);
  }
  return misses;
}

function isBetween(number: number, [min, max]: readonly [number, number]): boolean {
  return number >= min - 1e-9 && number <= max + 1e-9;
}
