import { z } from 'zod';
import { messagePartSchema } from '../../contract/messages.ts';
import { textOf } from '../conversation/tree-types.ts';
import type { Row } from '../storage/schema.ts';
import type { Db } from '../storage/storage.ts';
import { bothHeard, type PairSeats } from './pair-seats-store.ts';
import type { Pair } from './pair-view.ts';
import { hashOfText } from './words-hash.ts';

/** A conversation as memory needs it. */
export interface PairConversation {
  id: string;
  leafId: string | null;
  /** `on`, `paused` or `private`. */
  memory: string;
  pausedAt: number | null;
  /** True where others than the two may take part. */
  isRoom: boolean;
}

/** A message as memory needs it, with its words. */
export interface WitnessedMessage {
  id: string;
  conversationId: string;
  parentId: string | null;
  depth: number;
  authorId: string;
  speaker: string;
  /** True for the pair's person; guests and other characters are told apart by their names. */
  byHuman: boolean;
  text: string;
  hash: string;
  at: number;
  /** False while it is being written, once it is deleted or hidden, and where one of the two did not hear it. */
  known: boolean;
}

const columns = [
  'id',
  'conversationId',
  'parentId',
  'depth',
  'authorKind',
  'authorId',
  'authorName',
  'parts',
  'state',
  'audience',
  'hidden',
  'createdAt',
  'deletedAt',
] as const;

const partsSchema = z.array(messagePartSchema);
const audienceSchema = z.union([z.literal('everyone'), z.array(z.string())]);
/** Ids asked for in one statement. */
const IDS_AT_ONCE = 500;

/** The conversations of a pair that are not deleted, rooms that the character is or was in among them, the newest first. */
export async function listPairConversations(db: Db, { ownerId, characterId }: Pair): Promise<PairConversation[]> {
  const rows = await db
    .selectFrom('conversation')
    .select(['id', 'leafId', 'memory', 'memoryPausedAt', 'room'])
    .where('ownerId', '=', ownerId)
    .where((where) =>
      where.or([
        where('characterId', '=', characterId),
        where(
          'id',
          'in',
          where
            .selectFrom('participant')
            .select('participant.conversationId')
            .where('subjectId', '=', characterId)
            .where('kind', '=', 'character'),
        ),
      ]),
    )
    .where('deletedAt', 'is', null)
    .orderBy('id', 'desc')
    .execute();
  return rows.map(({ memoryPausedAt, room, ...row }) => ({ ...row, pausedAt: memoryPausedAt, isRoom: room !== null }));
}

/** A page of a conversation's messages on every branch, by id. */
export async function readMessagesAfter(
  db: Db,
  {
    conversationId,
    afterId,
    limit,
    seats,
  }: { conversationId: string; afterId: string; limit: number; seats: PairSeats },
): Promise<WitnessedMessage[]> {
  const rows = await db
    .selectFrom('message')
    .select(columns)
    .where('conversationId', '=', conversationId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => toWitnessed(row, seats));
}

/** Those of the messages that are there. */
export async function readMessagesById(
  db: Db,
  { conversationId, ids, seats }: { conversationId: string; ids: readonly string[]; seats: PairSeats },
): Promise<WitnessedMessage[]> {
  const found: WitnessedMessage[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const rows = await db
      .selectFrom('message')
      .select(columns)
      .where('conversationId', '=', conversationId)
      .where('id', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .execute();
    found.push(...rows.map((row) => toWitnessed(row, seats)));
  }
  return found;
}

/** The newest place in the log of what happened. */
export async function readLogEnd(db: Db): Promise<number> {
  const row = await db.selectFrom('event').select('sequence').orderBy('sequence', 'desc').limit(1).executeTakeFirst();
  return row?.sequence ?? 0;
}

export interface LoggedChange {
  sequence: number;
  type: string;
  subjectId: string;
  messageId: string | null;
}

/** What happened after a place in the log. */
export async function readLogAfter(
  db: Db,
  { sequence, limit }: { sequence: number; limit: number },
): Promise<LoggedChange[]> {
  const rows = await db
    .selectFrom('event')
    .select(['sequence', 'type', 'subjectId', 'payload'])
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    type: row.type,
    subjectId: row.subjectId,
    messageId: payloadSchema.parse(JSON.parse(row.payload)).messageId,
  }));
}

const payloadSchema = z
  .object({ messageId: z.string().nullable().catch(null).default(null) })
  .catch({ messageId: null });

function toWitnessed(row: Pick<Row<'message'>, (typeof columns)[number]>, seats: PairSeats): WitnessedMessage {
  const text = textOf(partsSchema.parse(JSON.parse(row.parts)));
  const audience = audienceSchema.parse(JSON.parse(row.audience));
  const heard = bothHeard(audience, seats);
  return {
    id: row.id,
    conversationId: row.conversationId,
    parentId: row.parentId,
    depth: row.depth,
    authorId: row.authorId,
    speaker: row.authorName,
    byHuman: row.authorKind === 'human' && !seats.guestIds.has(row.authorId),
    text,
    hash: hashOfText(text),
    at: row.createdAt,
    known: heard && row.state !== 'streaming' && row.deletedAt === null && row.hidden === 0 && text.trim() !== '',
  };
}
