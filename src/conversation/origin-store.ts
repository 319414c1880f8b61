import type { Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';

export type ConversationOrigin = Row<'conversationOrigin'>;

/** A conversation that is not deleted, at the other end of a link. */
export interface LinkedConversation {
  conversationId: string;
  title: string | null;
  /** The message of the asking conversation at which they part. */
  messageId: string;
  createdAt: number;
}

/** More conversations branched off from one than anybody looks through. */
const MOST_OFFSHOOTS = 200;

export async function insertOrigin(trx: Trx, origin: ConversationOrigin): Promise<void> {
  await trx.insertInto('conversationOrigin').values(origin).execute();
}

/** Where a conversation came from, if that is still there and the same person's. */
export async function readOrigin(
  db: Db,
  { conversationId, ownerId }: { conversationId: string; ownerId: string },
): Promise<LinkedConversation | undefined> {
  return db
    .selectFrom('conversationOrigin as link')
    .innerJoin('conversation', 'conversation.id', 'link.fromConversationId')
    .select(['link.fromConversationId as conversationId', 'conversation.title'])
    .select(['link.messageId', 'link.createdAt'])
    .where('link.conversationId', '=', conversationId)
    .where('conversation.ownerId', '=', ownerId)
    .where('conversation.deletedAt', 'is', null)
    .executeTakeFirst();
}

/** What was branched off from a conversation, oldest first. */
export async function listOffshoots(
  db: Db,
  { conversationId, ownerId }: { conversationId: string; ownerId: string },
): Promise<LinkedConversation[]> {
  return db
    .selectFrom('conversationOrigin as link')
    .innerJoin('conversation', 'conversation.id', 'link.conversationId')
    .select(['link.conversationId', 'conversation.title'])
    .select(['link.fromMessageId as messageId', 'link.createdAt'])
    .where('link.fromConversationId', '=', conversationId)
    .where('conversation.ownerId', '=', ownerId)
    .where('conversation.deletedAt', 'is', null)
    .orderBy('link.createdAt')
    .orderBy('link.conversationId')
    .limit(MOST_OFFSHOOTS)
    .execute();
}
