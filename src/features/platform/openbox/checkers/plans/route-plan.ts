import { z } from 'zod';
import { namesSchema, readNames } from './read-names.ts';

/** A way along roads (both directions), from and to, past every stop that must be seen, no longer than `maxLength`. */
export const routePlanSchema = z.strictObject({
  kind: z.literal('route'),
  roads: z.array(z.tuple([z.string(), z.string(), z.number().positive()])).min(1),
  from: z.string(),
  to: z.string(),
  past: z.array(z.string()).optional(),
  never: z.array(z.string()).optional(),
  maxLength: z.number().positive().optional(),
});
type RoutePlan = z.infer<typeof routePlanSchema>;

export function missesOfRoute(value: unknown, plan: RoutePlan): string[] {
  const parsed = namesSchema.safeParse(value);
  if (!parsed.success) return ['is no list of names'];
  const { names, unknown } = readNames(parsed.data, [...new Set(plan.roads.flatMap(([one, other]) => [one, other]))]);
  const misses = unknown.map((name) => `${name} is no place here`);
  if (names[0] !== plan.from) misses.push(`does not begin at ${plan.from}`);
  if (names.at(-1) !== plan.to) misses.push(`does not end at ${plan.to}`);
  for (const name of plan.past ?? []) if (!names.includes(name)) misses.push(`does not pass ${name}`);
  for (const name of plan.never ?? []) if (names.includes(name)) misses.push(`passes ${name}`);
  let length = 0;
  for (const [index, name] of names.entries()) {
    const next = names[index + 1];
    if (next === undefined) break;
    const road = plan.roads.find(
      ([one, other]) => (one === name && other === next) || (one === next && other === name),
    );
    if (road) length += road[2];
    else misses.push(`there is no road from ${name} to ${next}`);
  }
  if (plan.maxLength !== undefined && length > plan.maxLength + 1e-9) misses.push(`is ${length} long`);
  return misses;
}
