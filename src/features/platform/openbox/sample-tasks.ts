import { seededNumbers } from '../../../base/seeded-numbers.ts';

interface Sampled {
  id: string;
  category: string;
}

/**
 * A part of the tasks with every category in proportion, at least one of each, the same for the same seed. In the
 * order in which they were given.
 */
export function sampleTasks<T extends Sampled>(
  tasks: readonly T[],
  { share, seed }: { share: number; seed: number },
): T[] {
  if (share >= 1) return [...tasks];
  const random = seededNumbers(seed);
  const drawn = new Set<T>();
  for (const ofCategory of Map.groupBy(tasks, ({ category }) => category).values()) {
    const wanted = Math.max(1, Math.round(ofCategory.length * share));
    const shuffled = ofCategory.map((task) => ({ task, lot: random() })).toSorted((one, other) => one.lot - other.lot);
    for (const { task } of shuffled.slice(0, wanted)) drawn.add(task);
  }
  return tasks.filter((task) => drawn.has(task));
}
