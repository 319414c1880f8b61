import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks for a file, milliseconds: not seen by a person, and no load. */
const LOOK_EVERY_IN_MS = 20;

/** Waits; rejects with the signal's reason when stopped. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const realWait: Wait = async (milliseconds, signal) => {
  signal.throwIfAborted();
  if (milliseconds === 0) return;
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};

export async function untilAborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
  return aborted.promise;
}

/** Waits until a file is there; rejects with the signal's reason when stopped. */
export async function untilThere(file: string, { wait, signal }: { wait: Wait; signal: AbortSignal }): Promise<void> {
  while (!existsSync(file)) await wait(LOOK_EVERY_IN_MS, signal);
}
