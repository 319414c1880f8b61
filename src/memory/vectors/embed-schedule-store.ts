import { sql } from 'kysely';
import type { Db, Trx } from '../../storage/storage.ts';
import { listConversationPairs } from '../pair-seats-store.ts';
import type { Pair } from '../pair-view.ts';

/** What may give a message words that were not there before. */
const TYPES = [
  'message-commit',
  'message-edit',
  'message-restore',
  'message-show',
  'reply-end',
  'conversation-import',
  'conversation-restore',
] as const;

/** A page of the log: where it ends, and the conversations in which something was said. */
export async function readTalkAfter(
  db: Db,
  { sequence, limit }: { sequence: number; limit: number },
): Promise<{ end: number; isLast: boolean; conversationIds: string[] }> {
  const rows = await db
    .selectFrom('event')
    .select(['sequence', 'type', 'subjectId'])
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  const types: ReadonlySet<string> = new Set(TYPES);
  return {
    end: rows.at(-1)?.sequence ?? sequence,
    isLast: rows.length < limit,
    conversationIds: [...new Set(rows.filter(({ type }) => types.has(type)).map(({ subjectId }) => subjectId))],
  };
}

/** Who talks in these conversations. */
export async function pairsOf(db: Db | Trx, conversationIds: readonly string[]): Promise<Pair[]> {
  if (conversationIds.length === 0) return [];
  const pairs = new Map<string, Pair>();
  for (const id of conversationIds) {
    for (const pair of await listConversationPairs(db, id)) pairs.set(`${pair.ownerId} ${pair.characterId}`, pair);
  }
  return [...pairs.values()];
}

/** A page of all who ever talked, those who talked last first. */
export async function allPairs(db: Db, { offset, limit }: { offset: number; limit: number }): Promise<Pair[]> {
  return db
    .selectFrom('conversation')
    .leftJoin('participant', (join) =>
      join.onRef('participant.conversationId', '=', 'conversation.id').on('participant.kind', '=', 'character'),
    )
    .select(({ fn, ref }) => [
      'conversation.ownerId',
      fn.coalesce(ref('participant.subjectId'), ref('conversation.characterId')).as('characterId'),
    ])
    .where('conversation.deletedAt', 'is', null)
    .groupBy(({ fn, ref }) => [
      'conversation.ownerId',
      fn.coalesce(ref('participant.subjectId'), ref('conversation.characterId')),
    ])
    .orderBy(sql`max("conversation"."id")`, 'desc')
    .orderBy('ownerId')
    .orderBy('characterId')
    .limit(limit)
    .offset(offset)
    .execute();
}
