import { z } from 'zod';

/** Messages on a path that are neither deleted nor hidden. */
export const pathCountsSchema = z.object({
  all: z.int().nonnegative(),
  human: z.int().nonnegative(),
  character: z.int().nonnegative(),
  /** Which greeting the path begins with: 0 is the card's first; null when it begins otherwise. */
  greeting: z.int().nonnegative().nullable(),
});
export type PathCounts = z.infer<typeof pathCountsSchema>;

/**
 * What one turn leaves for the next: timers and latches of lore, variables of macros, and how long the path is. It
 * hangs on the reply's node, so a branch inherits its ancestor's and another version of the reply begins where this one
 * did.
 */
export const turnStateSchema = z.object({
  lore: z.unknown(),
  variables: z.record(z.string(), z.string()),
  /** Global variables as a character of a room knows them; absent where they are the person's. */
  globals: z.record(z.string(), z.string()).optional(),
  /** Through the reply itself. */
  counts: pathCountsSchema,
});
export type TurnState = z.infer<typeof turnStateSchema>;
