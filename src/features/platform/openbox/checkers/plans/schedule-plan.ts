import { z } from 'zod';
import { foldText } from '../../fold-text.ts';

const timeOfDay = z.string().regex(/^\d{2}:\d{2}$/);
const span = z.tuple([timeOfDay, timeOfDay]);

/**
 * A list of `{name, start, end}` (HH:MM): every task once, exactly as long as it takes (minutes), within the day,
 * beside what is busy, one after another with at least `gap` minutes between, in the order of `before`, and where
 * `within` says so in that span.
 */
export const schedulePlanSchema = z.strictObject({
  kind: z.literal('schedule'),
  day: span,
  tasks: z.record(z.string(), z.int().positive()),
  busy: z.array(span).optional(),
  before: z.array(z.tuple([z.string(), z.string()])).optional(),
  within: z.record(z.string(), span).optional(),
  gap: z.int().nonnegative().optional(),
});
type SchedulePlan = z.infer<typeof schedulePlanSchema>;

const entriesSchema = z.array(
  z.looseObject({
    name: z.string(),
    start: z.string().regex(/^\d{1,2}:\d{2}$/),
    end: z.string().regex(/^\d{1,2}:\d{2}$/),
  }),
);

interface Entry {
  name: string;
  start: number;
  end: number;
}

export function missesOfSchedule(value: unknown, plan: SchedulePlan): string[] {
  const parsed = entriesSchema.safeParse(value);
  if (!parsed.success) return ['is no list of {name, start, end}'];
  const names = Object.keys(plan.tasks);
  const entries = parsed.data.map(({ name, start, end }): Entry => ({
    name: names.find((one) => foldText(one) === foldText(name)) ?? name,
    start: minutesOf(start),
    end: minutesOf(end),
  }));
  return [
    ...missesOfTasks(entries, plan),
    ...missesOfTimes(entries, plan),
    ...missesOfNeighbours(entries, plan),
    ...missesOfBefore(entries, plan),
  ];
}

function missesOfTasks(entries: readonly Entry[], { tasks }: SchedulePlan): string[] {
  const unknown = entries.filter(({ name }) => tasks[name] === undefined).map(({ name }) => `${name} is no task`);
  const wrong = Object.entries(tasks).flatMap(([name, minutes]) => {
    const mine = entries.filter((entry) => entry.name === name);
    const [entry] = mine;
    if (mine.length !== 1 || !entry) return [`${name} is planned ${mine.length} times`];
    return entry.end - entry.start === minutes
      ? []
      : [`${name} gets ${entry.end - entry.start} minutes, not ${minutes}`];
  });
  return [...unknown, ...wrong];
}

function missesOfTimes(entries: readonly Entry[], { day, busy = [], within = {} }: SchedulePlan): string[] {
  return entries.flatMap((entry) => [
    ...(isInside(entry, day) ? [] : [`${entry.name} is outside the day`]),
    ...busy.filter((one) => meets(entry, one)).map(([from]) => `${entry.name} meets what is busy from ${from}`),
    ...(within[entry.name] === undefined || isInside(entry, within[entry.name] ?? day)
      ? []
      : [`${entry.name} is not when it may be`]),
  ]);
}

function missesOfNeighbours(entries: readonly Entry[], { gap = 0 }: SchedulePlan): string[] {
  const inOrder = entries.toSorted((one, other) => one.start - other.start);
  return inOrder.flatMap((entry, index) => {
    const next = inOrder[index + 1];
    return next && next.start < entry.end + gap ? [`${next.name} begins too soon after ${entry.name}`] : [];
  });
}

function missesOfBefore(entries: readonly Entry[], { before = [] }: SchedulePlan): string[] {
  const find = (name: string) => entries.find((entry) => entry.name === name);
  return before.flatMap(([first, second]) => {
    const [one, other] = [find(first), find(second)];
    return one && other && one.end <= other.start ? [] : [`${first} does not come before ${second}`];
  });
}

function isInside({ start, end }: Entry, [from, to]: readonly [string, string]): boolean {
  return start >= minutesOf(from) && end <= minutesOf(to);
}

function meets({ start, end }: Entry, [from, to]: readonly [string, string]): boolean {
  return start < minutesOf(to) && end > minutesOf(from);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
