import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { messagePartSchema } from '../../contract/messages.ts';
import { audienceSchema, type Audience } from '../../contract/rooms.ts';
import type { Db } from '../storage/storage.ts';
import { previewOf } from './conversation-tree.ts';
import type { TreeRow } from './fold-tree.ts';
import { inChunks } from './message-batch-store.ts';

/** A message of the tree without its words. */
export interface TreeMessage extends TreeRow {
  by: 'human' | 'character' | 'narrator';
  name: string;
  audience: Audience;
  createdAt: number;
}

/** Rows read at once; in between others get their turn. */
const PAGE = 10_000;

const bySchema = z.enum(['human', 'character', 'narrator']);
const partsSchema = z.array(messagePartSchema);

/** Every message of a conversation on every branch, ordered by id, without words. */
export async function readTreeMessages(db: Db, conversationId: string): Promise<TreeMessage[]> {
  const messages: TreeMessage[] = [];
  // Few different audiences, on many messages.
  const audiences = new Map<string, Audience>();
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('message')
      .select(['id', 'parentId', 'depth', 'authorKind', 'authorName', 'audience', 'createdAt', 'deletedAt'])
      .where('conversationId', '=', conversationId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const row of rows) {
      const audience = audiences.get(row.audience) ?? audienceSchema.parse(JSON.parse(row.audience));
      audiences.set(row.audience, audience);
      messages.push({
        id: row.id,
        parentId: row.parentId,
        depth: row.depth,
        deleted: row.deletedAt !== null,
        by: bySchema.parse(row.authorKind),
        name: row.authorName,
        audience,
        createdAt: row.createdAt,
      });
    }
    if (rows.length < PAGE) return messages;
    after = rows.at(-1)?.id ?? after;
    await nextTurn();
  }
}

/** What a message hangs on and goes on with. */
export interface TreeLink {
  id: string;
  parentId: string | null;
  activeChildId: string | null;
  /** Its kind and name in one. */
  author: string;
  deleted: boolean;
  audience: Audience;
}

/** Every message of a conversation on every branch, ordered by id, with nothing but its place. */
export async function readTreeLinks(db: Db, conversationId: string): Promise<TreeLink[]> {
  const links: TreeLink[] = [];
  const audiences = new Map<string, Audience>();
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('message')
      .select(['id', 'parentId', 'activeChildId', 'authorKind', 'authorName', 'audience', 'deletedAt'])
      .where('conversationId', '=', conversationId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const { deletedAt, authorKind, authorName, ...row } of rows) {
      const audience = audiences.get(row.audience) ?? audienceSchema.parse(JSON.parse(row.audience));
      audiences.set(row.audience, audience);
      links.push({ ...row, author: `${authorKind}\n${authorName}`, audience, deleted: deletedAt !== null });
    }
    if (rows.length < PAGE) return links;
    after = rows.at(-1)?.id ?? after;
    await nextTurn();
  }
}

/** The first words of messages, at most `length` UTF-16 units, by id. */
export async function readFirstWords(
  db: Db,
  { ids, length }: { ids: readonly string[]; length: number },
): Promise<Map<string, string>> {
  const words = new Map<string, string>();
  for (const some of inChunks(ids)) {
    const rows = await db.selectFrom('message').select(['id', 'parts']).where('id', 'in', some).execute();
    for (const { id, parts } of rows) {
      const preview = previewOf({ parts: partsSchema.parse(JSON.parse(parts)) });
      words.set(id, preview.slice(0, length).replace(/[\uD800-\uDBFF]$/, ''));
    }
    await nextTurn();
  }
  return words;
}
