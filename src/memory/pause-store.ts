import { sql } from 'kysely';
import type { Trx } from '../storage/storage.ts';
import { listConversationPairs } from './pair-seats-store.ts';
import type { Pair } from './pair-view.ts';

/** From now on nothing that is said in the conversation is remembered elsewhere; a pause under way goes on. */
export async function pauseConversation(
  trx: Trx,
  { id, ownerId, now }: { id: string; ownerId: string; now: number },
): Promise<void> {
  await trx
    .updateTable('conversation')
    .set({ memoryPausedAt: now })
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('memoryPausedAt', 'is', null)
    .execute();
}

/** Ends the pause of a conversation; what was said in between stays unremembered. */
export async function resumeConversation(trx: Trx, { id, now }: { id: string; now: number }): Promise<void> {
  const row = await trx.selectFrom('conversation').select('memoryPausedAt').where('id', '=', id).executeTakeFirst();
  const pausedAt = row?.memoryPausedAt ?? null;
  if (pausedAt === null) return;
  for (const pair of await listConversationPairs(trx, id)) {
    await passOver(trx, { pair, conversationId: id, from: pausedAt, now });
  }
  await trx.updateTable('conversation').set({ memoryPausedAt: null }).where('id', '=', id).execute();
}

/**
 * Makes a rule for every message on every branch since `from`, in one statement however many there are: it is neither
 * recalled nor read for facts. `conversationId` null = in all of the pair's conversations.
 */
export async function passOver(
  trx: Trx,
  { pair, conversationId, from, now }: { pair: Pair; conversationId: string | null; from: number; now: number },
): Promise<void> {
  const { ownerId, characterId } = pair;
  await trx
    .insertInto('memoryRule')
    .columns(['id', 'ownerId', 'characterId', 'kind', 'value', 'label', 'createdAt'])
    .expression((build) => {
      const messages = build
        .selectFrom('message')
        .innerJoin('conversation', 'conversation.id', 'message.conversationId')
        .where('conversation.ownerId', '=', ownerId)
        .where((where) =>
          where.or([
            where('conversation.characterId', '=', characterId),
            where(
              'conversation.id',
              'in',
              where
                .selectFrom('participant')
                .select('participant.conversationId')
                .where('participant.subjectId', '=', characterId)
                .where('participant.kind', '=', 'character'),
            ),
          ]),
        )
        .where('message.createdAt', '>=', from)
        .select((select) => [
          sql<string>`'paused:' || ${select.ref('message.id')} || ':' || cast(${characterId} as text)`.as('id'),
          select.ref('conversation.ownerId').as('ownerId'),
          sql<string>`cast(${characterId} as text)`.as('characterId'),
          sql<string>`'paused'`.as('kind'),
          select.ref('message.id').as('value'),
          sql<string>`''`.as('label'),
          sql<number>`cast(${now} as bigint)`.as('createdAt'),
        ]);
      return conversationId === null ? messages : messages.where('message.conversationId', '=', conversationId);
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}

/** Removes the rules that name messages of a conversation, before it goes for good. */
export async function deleteMessageRules(trx: Trx, conversationId: string): Promise<void> {
  await trx
    .deleteFrom('memoryRule')
    .where('kind', 'in', ['message', 'paused'])
    .where('value', 'in', (where) =>
      where.selectFrom('message').select('id').where('conversationId', '=', conversationId),
    )
    .execute();
}
