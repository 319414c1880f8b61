import { z } from 'zod';
import { foldText } from '../../fold-text.ts';

const pairs = z.array(z.tuple([z.string(), z.string()])).optional();

/**
 * A list of `{task, to}`: every task (with its load) to one of `holders`, none over its capacity, none below `least`
 * tasks; `allowed`: who may take a task; `together` and `apart` are pairs of tasks.
 */
export const assignmentPlanSchema = z.strictObject({
  kind: z.literal('assignment'),
  tasks: z.record(z.string(), z.number().nonnegative()),
  holders: z.record(z.string(), z.number().nonnegative()),
  least: z.int().nonnegative().optional(),
  allowed: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  together: pairs,
  apart: pairs,
});
type AssignmentPlan = z.infer<typeof assignmentPlanSchema>;

const listSchema = z.array(z.looseObject({ task: z.string(), to: z.string() }));

export function missesOfAssignment(value: unknown, plan: AssignmentPlan): string[] {
  const parsed = listSchema.safeParse(value);
  if (!parsed.success) return ['is no list of {task, to}'];
  const holderOf = new Map<string, string>();
  const misses: string[] = [];
  for (const given of parsed.data) {
    const task = spelling(given.task, Object.keys(plan.tasks));
    const holder = spelling(given.to, Object.keys(plan.holders));
    if (task === undefined) misses.push(`${given.task} is no task`);
    else if (holder === undefined) misses.push(`${given.to} is nobody here`);
    else if (holderOf.has(task)) misses.push(`${task} is given twice`);
    else holderOf.set(task, holder);
  }
  return [...misses, ...missesOfHolders(holderOf, plan), ...missesOfTasks(holderOf, plan)];
}

function missesOfHolders(
  holderOf: ReadonlyMap<string, string>,
  { tasks, holders, least = 0 }: AssignmentPlan,
): string[] {
  return Object.entries(holders).flatMap(([holder, capacity]) => {
    const mine = [...holderOf].filter(([, one]) => one === holder).map(([task]) => task);
    const load = mine.reduce((total, task) => total + (tasks[task] ?? 0), 0);
    if (load > capacity + 1e-9) return [`${holder} has ${load}, more than ${capacity}`];
    return mine.length < least ? [`${holder} has ${mine.length} tasks`] : [];
  });
}

function missesOfTasks(holderOf: ReadonlyMap<string, string>, plan: AssignmentPlan): string[] {
  const missing = Object.keys(plan.tasks).filter((task) => !holderOf.has(task));
  const forbidden = Object.entries(plan.allowed ?? {}).filter(
    ([task, allowed]) => holderOf.has(task) && !allowed.includes(holderOf.get(task) ?? ''),
  );
  const isTogether = ([one, other]: readonly [string, string]) => holderOf.get(one) === holderOf.get(other);
  return [
    ...missing.map((task) => `nobody has ${task}`),
    ...forbidden.map(([task]) => `${holderOf.get(task)} may not have ${task}`),
    ...(plan.together ?? []).filter((pair) => !isTogether(pair)).map(([one, other]) => `${one} is not with ${other}`),
    ...(plan.apart ?? []).filter(isTogether).map(([one, other]) => `${one} is with ${other}`),
  ];
}

function spelling(name: string, known: readonly string[]): string | undefined {
  return known.find((one) => foldText(one) === foldText(name));
}
