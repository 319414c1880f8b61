import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks, milliseconds. */
const PAUSE_IN_MS = 10;
/** Far above what a busy machine needs; only a defect gets here. */
const LIMIT_IN_MS = 150_000;

/** Looks again and again until there is something to see; the answer is what was seen. */
export async function until<T>(what: string, look: () => Promise<T> | T): Promise<NonNullable<T>> {
  const limit = performance.now() + LIMIT_IN_MS;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > limit) throw new Error(`Waited in vain until ${what}.`);
    await delay(PAUSE_IN_MS);
  }
}
