import { z } from 'zod';
import { audienceSchema } from '../../../contract/rooms.ts';
import type { Trx } from '../storage.ts';
import type { SearchScope } from './message-query.ts';

const authorSchema = z.enum(['human', 'character', 'narrator']);

/**
 * What the index keeps of a message beside its words: who of the humans heard it, where, from whom, when; and its row,
 * where it has one.
 */
export async function findSearchSubject(
  trx: Trx,
  messageId: string,
): Promise<{ row: number | null; createdAt: number; scopes: SearchScope[] } | undefined> {
  const rows = await trx
    .selectFrom('message')
    .innerJoin('conversation', 'conversation.id', 'message.conversationId')
    .leftJoin('participant', (join) =>
      join.onRef('participant.conversationId', '=', 'conversation.id').on('participant.kind', '=', 'human'),
    )
    .leftJoin('messageSearchRow', 'messageSearchRow.messageId', 'message.id')
    .select([
      'messageSearchRow.row',
      'message.conversationId',
      'message.authorKind',
      'message.audience',
      'message.createdAt',
      'conversation.ownerId',
      'conversation.characterId',
      'participant.id as seatId',
      'participant.subjectId',
      'participant.fromStart',
    ])
    .where('message.id', '=', messageId)
    .execute();
  const first = rows[0];
  if (!first) return undefined;
  const audience = audienceSchema.parse(JSON.parse(first.audience));
  const heard = rows.filter(({ seatId, fromStart }) =>
    audience === 'everyone' ? fromStart === 1 : seatId !== null && audience.includes(seatId),
  );
  const hearers = new Set(heard.map(({ subjectId }) => subjectId).filter((id) => id !== null));
  // Old imports have no seat for their owner.
  if (audience === 'everyone' && rows.every(({ subjectId }) => subjectId !== first.ownerId)) hearers.add(first.ownerId);
  return {
    row: first.row,
    createdAt: first.createdAt,
    scopes: [
      ...[...hearers].map((id) => ({ kind: 'hearer', id }) as const),
      { kind: 'conversation', id: first.conversationId },
      { kind: 'character', id: first.characterId },
      { kind: 'author', id: authorSchema.parse(first.authorKind) },
    ],
  };
}
