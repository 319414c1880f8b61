import { sql } from 'kysely';
import { z } from 'zod';
import { messagePartSchema } from '../../contract/messages.ts';
import type { Row } from '../storage/schema.ts';
import type { Db } from '../storage/storage.ts';
import { countWords } from './count-words.ts';
import { textOf } from './tree-types.ts';

/** Messages read at once. */
const PAGE = 500;
/** Messages counted for one question; what is left is counted for the next one. A page of 500 takes some 5 ms. */
const MESSAGES_PER_QUESTION = 10_000;
/** A revision no conversation has: look again next time. */
const UNSETTLED = -1;

export interface TalkStatistics {
  conversations: number;
  humanMessages: number;
  characterMessages: number;
  humanWords: number;
  characterWords: number;
  /** Written by models, as far as receipts tell. */
  tokens: number;
  firstAt: number | null;
  lastAt: number | null;
  /** False while older messages are still to be counted: ask again. */
  complete: boolean;
}

/** What PostgreSQL adds up comes as text where it might not fit a number. */
type Sum = number | string | null;

type Tally = Row<'conversationTally'>;

const partsSchema = z.array(messagePartSchema);
const writtenSchema = z.object({ tokens: z.object({ output: z.number().nonnegative() }) });

/**
 * What a person and a character said to each other. Only what was said since the last question is read; greetings,
 * which nobody wrote to anybody, do not count.
 */
export async function readTalkStatistics(
  db: Db,
  { ownerId, characterId }: { ownerId: string; characterId: string },
): Promise<TalkStatistics> {
  const stale = await listStale(db, { ownerId, characterId });
  let left = MESSAGES_PER_QUESTION;
  for (const conversation of stale) {
    if (left <= 0) break;
    left -= await countOn(db, conversation, left);
  }
  const total = await sql<Record<Exclude<keyof TalkStatistics, 'complete'>, Sum>>`
    select count(*) as conversations, sum(t."humanMessages") as "humanMessages",
      sum(t."characterMessages") as "characterMessages", sum(t."humanWords") as "humanWords",
      sum(t."characterWords") as "characterWords", sum(t."tokens") as tokens,
      min(t."firstAt") as "firstAt", max(t."lastAt") as "lastAt"
    from "conversation" c left join "conversationTally" t on t."conversationId" = c."id"
    where c."ownerId" = ${ownerId} and c."characterId" = ${characterId} and c."deletedAt" is null`.execute(db);
  const row = total.rows[0];
  const sum = (value: Sum | undefined) => Number(value ?? 0);
  return {
    conversations: sum(row?.conversations),
    humanMessages: sum(row?.humanMessages),
    characterMessages: sum(row?.characterMessages),
    humanWords: sum(row?.humanWords),
    characterWords: sum(row?.characterWords),
    tokens: sum(row?.tokens),
    firstAt: row?.conversations ? timeOf(row.firstAt) : null,
    lastAt: row?.conversations ? timeOf(row.lastAt) : null,
    complete: left > 0,
  };
}

function timeOf(value: Sum): number | null {
  return value === null ? null : Number(value);
}

interface Stale {
  id: string;
  revision: number;
  updatedAt: number;
}

/** Conversations that changed since they were counted, the newest first. */
async function listStale(db: Db, { ownerId, characterId }: { ownerId: string; characterId: string }): Promise<Stale[]> {
  return db
    .selectFrom('conversation')
    .leftJoin('conversationTally', 'conversationTally.conversationId', 'conversation.id')
    .select(['conversation.id', 'conversation.revision', 'conversation.updatedAt'])
    .where('conversation.ownerId', '=', ownerId)
    .where('conversation.characterId', '=', characterId)
    .where('conversation.deletedAt', 'is', null)
    .where((where) =>
      where.or([
        where('conversationTally.conversationId', 'is', null),
        where('conversationTally.revision', '!=', where.ref('conversation.revision')),
        where('conversationTally.updatedAt', '!=', where.ref('conversation.updatedAt')),
      ]),
    )
    .orderBy('conversation.updatedAt', 'desc')
    .execute();
}

/** Counts a conversation on from where it was left, at most so many messages; returns how many were read. */
async function countOn(db: Db, { id, revision, updatedAt }: Stale, limit: number): Promise<number> {
  const deleted = await countDeleted(db, id);
  const before = await db
    .selectFrom('conversationTally')
    .selectAll()
    .where('conversationId', '=', id)
    .executeTakeFirst();
  // Words that were counted and then deleted, or brought back, cannot be taken out one by one.
  const tally = before?.deleted === deleted ? { ...before } : emptyTally(id, deleted);
  let read = 0;
  let isSettled = false;
  while (!isSettled && read < limit) {
    const page = await readPage(db, { conversationId: id, after: tally.countedId });
    const growing = page.findIndex((message) => message.state === 'streaming');
    const settled = growing < 0 ? page : page.slice(0, growing);
    for (const message of settled) addMessage(tally, message);
    read += settled.length;
    if (growing >= 0) break;
    isSettled = page.length < PAGE;
  }
  await saveTally(db, { ...tally, revision: isSettled ? revision : UNSETTLED, updatedAt });
  return Math.max(read, 1);
}

async function countDeleted(db: Db, conversationId: string): Promise<number> {
  const row = await db
    .selectFrom('message')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('conversationId', '=', conversationId)
    .where('deletedAt', 'is not', null)
    .executeTakeFirst();
  return row?.count ?? 0;
}

type CountedMessage = Pick<
  Row<'message'>,
  'id' | 'parentId' | 'authorKind' | 'parts' | 'state' | 'createdAt' | 'deletedAt'
> & { receipt: string | null };

async function readPage(
  db: Db,
  { conversationId, after }: { conversationId: string; after: string },
): Promise<CountedMessage[]> {
  return db
    .selectFrom('message')
    .leftJoin('receipt', 'receipt.messageId', 'message.id')
    .select(['message.id', 'parentId', 'authorKind', 'parts', 'state', 'createdAt', 'deletedAt'])
    .select('receipt.body as receipt')
    .where('message.conversationId', '=', conversationId)
    .where('message.id', '>', after)
    .orderBy('message.id')
    .limit(PAGE)
    .execute();
}

function addMessage(tally: Tally, message: CountedMessage): void {
  tally.countedId = message.id;
  const isHuman = message.authorKind === 'human';
  if (message.deletedAt !== null || (message.parentId === null && !isHuman)) return;
  const words = countWords(textOf(partsSchema.parse(JSON.parse(message.parts))));
  if (isHuman) {
    tally.humanMessages += 1;
    tally.humanWords += words;
  } else {
    tally.characterMessages += 1;
    tally.characterWords += words;
    tally.tokens += writtenTokens(message.receipt);
  }
  tally.firstAt = Math.min(tally.firstAt ?? message.createdAt, message.createdAt);
  tally.lastAt = Math.max(tally.lastAt ?? message.createdAt, message.createdAt);
}

function writtenTokens(receipt: string | null): number {
  if (receipt === null) return 0;
  const parsed = writtenSchema.safeParse(JSON.parse(receipt));
  return parsed.success ? Math.round(parsed.data.tokens.output) : 0;
}

function emptyTally(conversationId: string, deleted: number): Tally {
  return {
    conversationId,
    revision: UNSETTLED,
    updatedAt: 0,
    countedId: '',
    deleted,
    humanMessages: 0,
    characterMessages: 0,
    humanWords: 0,
    characterWords: 0,
    tokens: 0,
    firstAt: null,
    lastAt: null,
  };
}

async function saveTally(db: Db, tally: Tally): Promise<void> {
  const { conversationId: _key, ...counted } = tally;
  await db
    .insertInto('conversationTally')
    .values(tally)
    .onConflict((conflict) => conflict.column('conversationId').doUpdateSet(counted))
    .execute();
}
