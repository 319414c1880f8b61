import { z } from 'zod';

/**
 * What an entry left behind in a branch. Counts are messages before the reply that is being written.
 * `protected` survives a chat that did not grow: a cooldown that a sticky end began.
 */
const timedEffectSchema = z.object({
  /** Of the entry as it was; an entry that was edited since loses its effects. */
  hash: z.string(),
  start: z.number(),
  end: z.number(),
  protected: z.boolean().default(false),
});
export type TimedEffect = z.output<typeof timedEffectSchema>;

export const loreStateSchema = z.object({
  /** By `bookId` and uid, see `entryKey`. */
  sticky: z.record(z.string(), timedEffectSchema).default({}),
  cooldown: z.record(z.string(), timedEffectSchema).default({}),
  /** Entries with a latch that matched once, with the hash of the entry. */
  matched: z.record(z.string(), z.string()).default({}),
});
/**
 * JSON that the caller keeps per message of the tree. A turn gets the state of the nearest ancestor, so that branches
 * inherit it and a swiped or deleted reply takes its effects with it.
 */
export type LoreState = z.output<typeof loreStateSchema>;

export function emptyLoreState(): LoreState {
  return { sticky: {}, cooldown: {}, matched: {} };
}

export function entryKey(bookId: string, uid: string): string {
  return `${bookId}\u001F${uid}`;
}
