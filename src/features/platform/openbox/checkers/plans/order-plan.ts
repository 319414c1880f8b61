import { z } from 'zod';
import { namesSchema, readNames } from './read-names.ts';

const pairs = z.array(z.tuple([z.string(), z.string()])).optional();

/** Every item once, in a line: who is before whom, beside whom, not beside whom, and at which place (1 is the first). */
export const orderPlanSchema = z.strictObject({
  kind: z.literal('order'),
  items: z.array(z.string()).min(2),
  before: pairs,
  beside: pairs,
  apart: pairs,
  places: z.record(z.string(), z.array(z.int().positive()).min(1)).optional(),
});
type OrderPlan = z.infer<typeof orderPlanSchema>;

export function missesOfOrder(value: unknown, plan: OrderPlan): string[] {
  const parsed = namesSchema.safeParse(value);
  if (!parsed.success) return ['is no list of names'];
  const { names, unknown } = readNames(parsed.data, plan.items);
  const misses = unknown.map((name) => `${name} does not belong here`);
  for (const item of plan.items) {
    const count = names.filter((name) => name === item).length;
    if (count !== 1) misses.push(`${item} is there ${count} times`);
  }
  if (misses.length > 0) return misses;
  const place = (name: string) => names.indexOf(name);
  const isBeside = ([one, other]: readonly [string, string]) => Math.abs(place(one) - place(other)) === 1;
  return [
    ...(plan.before ?? [])
      .filter(([one, other]) => place(one) > place(other))
      .map(([one, other]) => `${one} is not before ${other}`),
    ...(plan.beside ?? []).filter((pair) => !isBeside(pair)).map(([one, other]) => `${one} is not beside ${other}`),
    ...(plan.apart ?? []).filter(isBeside).map(([one, other]) => `${one} is beside ${other}`),
    ...Object.entries(plan.places ?? {})
      .filter(([name, places]) => !places.includes(place(name) + 1))
      .map(([name]) => `${name} is at place ${place(name) + 1}`),
  ];
}
