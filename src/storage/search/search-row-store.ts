import type { Trx } from '../storage.ts';

/** Rows that one millisecond has room for. */
const ROWS_PER_MS = 2048;
/** About the year 2096: rows stay integers that JavaScript holds. */
const LATEST = 4_000_000_000_000;
/** Milliseconds that a full one spills into: many imported messages have the same time. */
const SPILLS = [1, 1000, 1_000_000, 1_000_000_000] as const;
/** Writers of other machines may take the same row at once. */
const ATTEMPTS = 20;

/** The lowest row of messages of a time. */
export function firstRowAt(time: number): number {
  return Math.max(0, Math.min(LATEST, Math.floor(time))) * ROWS_PER_MS;
}

/** Takes the next free row at a message's time, so that the order of rows is that of times. */
export async function takeRow(
  trx: Trx,
  { id, conversationId, createdAt }: { id: string; conversationId: string; createdAt: number },
): Promise<number> {
  const first = firstRowAt(createdAt);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const row = attempt === 0 ? first : await freeRow(trx, first);
    const taken = await trx
      .insertInto('messageSearchRow')
      .values({ row, messageId: id, conversationId })
      .onConflict((conflict) => conflict.column('row').doNothing())
      .returning('row')
      .executeTakeFirst();
    if (taken) return row;
  }
  throw new Error('No row of the search index is free at this time.');
}

async function freeRow(trx: Trx, first: number): Promise<number> {
  for (const spill of SPILLS) {
    const end = first + ROWS_PER_MS * spill;
    const last = await trx
      .selectFrom('messageSearchRow')
      .select('row')
      .where('row', '>=', first)
      .where('row', '<', end)
      .orderBy('row', 'desc')
      .limit(1)
      .executeTakeFirst();
    const next = last === undefined ? first : last.row + 1;
    if (next < end) return next;
  }
  throw new Error('Too many messages have the same time.');
}
