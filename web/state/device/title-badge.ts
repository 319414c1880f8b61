/** How many replies ended unseen, told in front of the window's title. */
let count = 0;
const listeners = new Set<() => void>();

export const titleBadge = {
  get: (): number => count,
  set: (next: number): void => {
    if (next === count) return;
    count = next;
    for (const listener of listeners) listener();
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
