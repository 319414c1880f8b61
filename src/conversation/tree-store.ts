import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { messagePartSchema } from '../../contract/messages.ts';
import { audienceSchema, type Audience } from '../../contract/rooms.ts';
import type { Db } from '../storage/storage.ts';
import { previewOf } from './conversation-tree.ts';
import type { TreeRow } from './fold-tree.ts';
import { inChunks } from './message-batch-store.ts';

/** The message a stretch of the tree begins with. */
export interface TreeFace {
  by: 'human' | 'character' | 'narrator';
  name: string;
  audience: Audience;
  /** Its first words. */
  words: string;
}

/** Rows read at once; in between others get their turn. */
const PAGE = 10_000;

const bySchema = z.enum(['human', 'character', 'narrator']);
const partsSchema = z.array(messagePartSchema);

/**
 * Every message of a conversation on every branch with nothing but its place, from an index alone: the children of each
 * message beside each other, by age.
 */
export async function readTreeRows(db: Db, conversationId: string): Promise<TreeRow[]> {
  const some = db.selectFrom('message').select(['id', 'parentId']).where('conversationId', '=', conversationId);
  const gone = await db
    .selectFrom('message')
    .select('id')
    .where('conversationId', '=', conversationId)
    .where('deletedAt', 'is not', null)
    .execute();
  const deleted = new Set(gone.map(({ id }) => id));
  const rows: TreeRow[] = [];
  const add = (found: readonly { id: string; parentId: string | null }[]) => {
    for (const { id, parentId } of found) rows.push({ id, parentId, deleted: deleted.has(id) });
  };
  add(await some.where('parentId', 'is', null).orderBy('id').execute());
  for (let after = ['', '']; ;) {
    const [parentId = '', id = ''] = after;
    const found = await some
      .where(({ eb, refTuple, tuple }) => eb(refTuple('parentId', 'id'), '>', tuple(parentId, id)))
      .orderBy('parentId')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    add(found);
    const last = found.at(-1);
    if (!last || found.length < PAGE) return rows;
    after = [last.parentId ?? '', last.id];
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

/** Who said messages to whom, and their first words, at most `length` UTF-16 units, by id. */
export async function readTreeFaces(
  db: Db,
  { ids, length }: { ids: readonly string[]; length: number },
): Promise<Map<string, TreeFace>> {
  const faces = new Map<string, TreeFace>();
  // Few different audiences, on many messages.
  const audiences = new Map<string, Audience>();
  for (const some of inChunks(ids)) {
    const rows = await db
      .selectFrom('message')
      .select(['id', 'authorKind', 'authorName', 'audience', 'parts'])
      .where('id', 'in', some)
      .execute();
    for (const { id, authorKind, authorName, audience: told, parts } of rows) {
      const audience = audiences.get(told) ?? audienceSchema.parse(JSON.parse(told));
      audiences.set(told, audience);
      const preview = previewOf({ parts: partsSchema.parse(JSON.parse(parts)) });
      const words = preview.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
      faces.set(id, { by: bySchema.parse(authorKind), name: authorName, audience, words });
    }
    await nextTurn();
  }
  return faces;
}

/** When messages were written, by id. */
export async function readTimes(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const some of inChunks(ids)) {
    const rows = await db.selectFrom('message').select(['id', 'createdAt']).where('id', 'in', some).execute();
    for (const { id, createdAt } of rows) times.set(id, createdAt);
  }
  return times;
}

/** Who may know messages, by id. */
export async function readAudiences(db: Db, ids: readonly string[]): Promise<Map<string, Audience>> {
  const audiences = new Map<string, Audience>();
  for (const some of inChunks(ids)) {
    const rows = await db.selectFrom('message').select(['id', 'audience']).where('id', 'in', some).execute();
    for (const { id, audience } of rows) audiences.set(id, audienceSchema.parse(JSON.parse(audience)));
  }
  return audiences;
}
