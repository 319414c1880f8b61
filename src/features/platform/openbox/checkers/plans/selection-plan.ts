import { z } from 'zod';
import { namesSchema, readNames } from './read-names.ts';

/**
 * A choice of names out of `items`, each at most once, whose `cost` and `value` stay within bounds; `groups`: how many
 * of the items of each group; `without`: pairs that do not go together; `needs`: one asks for the other.
 */
export const selectionPlanSchema = z.strictObject({
  kind: z.literal('selection'),
  items: z.record(
    z.string(),
    z.strictObject({ cost: z.number(), value: z.number().optional(), group: z.string().optional() }),
  ),
  maxCost: z.number().optional(),
  minValue: z.number().optional(),
  count: z.tuple([z.int(), z.int()]).optional(),
  groups: z.record(z.string(), z.tuple([z.int(), z.int()])).optional(),
  without: z.array(z.tuple([z.string(), z.string()])).optional(),
  needs: z.array(z.tuple([z.string(), z.string()])).optional(),
});
type SelectionPlan = z.infer<typeof selectionPlanSchema>;

export function missesOfSelection(value: unknown, plan: SelectionPlan): string[] {
  const parsed = namesSchema.safeParse(value);
  if (!parsed.success) return ['is no list of names'];
  const { names, unknown } = readNames(parsed.data, Object.keys(plan.items));
  const chosen = new Set(names);
  const misses = unknown.map((name) => `${name} cannot be chosen`);
  if (chosen.size !== names.length) misses.push('something is chosen twice');
  const sum = (of: 'cost' | 'value') => names.reduce((total, name) => total + (plan.items[name]?.[of] ?? 0), 0);
  if (plan.maxCost !== undefined && sum('cost') > plan.maxCost + 1e-9) misses.push(`costs ${sum('cost')}`);
  if (plan.minValue !== undefined && sum('value') < plan.minValue - 1e-9) misses.push(`is worth ${sum('value')}`);
  if (plan.count && !isBetween(names.length, plan.count)) misses.push(`has ${names.length} items`);
  for (const [group, bounds] of Object.entries(plan.groups ?? {})) {
    const count = names.filter((name) => plan.items[name]?.group === group).length;
    if (!isBetween(count, bounds)) misses.push(`has ${count} of ${group}`);
  }
  for (const [one, other] of plan.without ?? []) {
    if (chosen.has(one) && chosen.has(other)) misses.push(`${one} does not go with ${other}`);
  }
  for (const [one, other] of plan.needs ?? []) {
    if (chosen.has(one) && !chosen.has(other)) misses.push(`${one} needs ${other}`);
  }
  return misses;
}

function isBetween(count: number, [min, max]: readonly [number, number]): boolean {
  return count >= min && count <= max;
}
