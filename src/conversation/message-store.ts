import { sql } from 'kysely';
import { z } from 'zod';
import { messagePartSchema, messageStateSchema } from '../../contract/messages.ts';
import { audienceSchema, mannerSchema } from '../../contract/rooms.ts';
import { repeatedInsert } from '../storage/repeated-insert.ts';
import type { NewRow, Row } from '../storage/schema.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { MessageNode } from './tree-types.ts';
import { removeStepsTo } from './waypoint-store.ts';

const partsSchema = z.array(messagePartSchema);
const failureSchema = z.object({ code: z.string(), message: z.string(), retryable: z.boolean() });
const authorKindSchema = z.enum(['human', 'character', 'narrator']);

/** More than any card has. */
const MAX_GREETINGS = 1000;

export function toMessageNode(row: Row<'message'>): MessageNode {
  return {
    id: row.id,
    conversationId: row.conversationId,
    parentId: row.parentId,
    depth: row.depth,
    author: { kind: authorKindSchema.parse(row.authorKind), id: row.authorId, name: row.authorName },
    parts: partsSchema.parse(JSON.parse(row.parts)),
    state: messageStateSchema.parse(row.state),
    failure: row.failure === null ? null : failureSchema.parse(JSON.parse(row.failure)),
    editOf: row.editOf,
    clientId: row.clientId,
    activeChildId: row.activeChildId,
    hasReceipt: row.hasReceipt === 1,
    hidden: row.hidden === 1,
    audience: audienceSchema.parse(JSON.parse(row.audience)),
    manner: mannerSchema.parse(row.manner),
    stageId: row.stageId,
    foreign: row.foreign,
    createdAt: row.createdAt,
    deletedAt: row.deletedAt,
  };
}

function toRow(node: MessageNode): NewRow<'message'> {
  return {
    id: node.id,
    conversationId: node.conversationId,
    parentId: node.parentId,
    depth: node.depth,
    authorKind: node.author.kind,
    authorId: node.author.id,
    authorName: node.author.name,
    parts: JSON.stringify(node.parts),
    state: node.state,
    failure: node.failure === null ? null : JSON.stringify(node.failure),
    audience: JSON.stringify(node.audience),
    manner: node.manner,
    stageId: node.stageId,
    editOf: node.editOf,
    clientId: node.clientId,
    activeChildId: node.activeChildId,
    hasReceipt: node.hasReceipt ? 1 : 0,
    hidden: node.hidden ? 1 : 0,
    foreign: node.foreign,
    createdAt: node.createdAt,
    settledAt: node.state === 'streaming' ? null : node.createdAt,
    deletedAt: node.deletedAt,
  };
}

const insertRow = repeatedInsert('message', [
  'id',
  'conversationId',
  'parentId',
  'depth',
  'authorKind',
  'authorId',
  'authorName',
  'parts',
  'state',
  'failure',
  'audience',
  'manner',
  'stageId',
  'editOf',
  'clientId',
  'activeChildId',
  'hasReceipt',
  'hidden',
  'foreign',
  'createdAt',
  'settledAt',
  'deletedAt',
]);

export function insertMessage(trx: Trx, node: MessageNode): Promise<void> {
  return insertRow(trx, toRow(node));
}

export async function readMessage(db: Db, id: string): Promise<MessageNode | undefined> {
  const row = await db.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toMessageNode(row);
}

/** Ids asked for in one statement, below every database's limit of parameters. */
const IDS_AT_ONCE = 500;

/** Those of the messages that are there, in no order. */
export async function readMessages(db: Db, ids: readonly string[]): Promise<MessageNode[]> {
  const nodes: MessageNode[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    const rows = await db.selectFrom('message').selectAll().where('id', 'in', some).execute();
    nodes.push(...rows.map(toMessageNode));
  }
  return nodes;
}

export async function readMessageByClientId(
  db: Db,
  { conversationId, clientId }: { conversationId: string; clientId: string },
): Promise<MessageNode | undefined> {
  const row = await db
    .selectFrom('message')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('clientId', '=', clientId)
    .executeTakeFirst();
  return row && toMessageNode(row);
}

/** From `fromId` up through its ancestors, at most `limit`, oldest first. */
export async function readPathUp(
  db: Db,
  { conversationId, fromId, limit }: { conversationId: string; fromId: string; limit: number },
): Promise<MessageNode[]> {
  const found = await sql<Row<'message'>>`
    with recursive "path" as (
      select m.*, 1 as "step" from "message" m where m."id" = ${fromId} and m."conversationId" = ${conversationId}
      union all
      select m.*, p."step" + 1 from "message" m join "path" p on m."id" = p."parentId" where p."step" < ${limit}
    ) select * from "path" order by "depth"`.execute(db);
  return found.rows.map(toMessageNode);
}

/** From `fromId` down along the active children, at most `limit`, oldest first. */
export async function readPathDown(
  db: Db,
  { conversationId, fromId, limit }: { conversationId: string; fromId: string; limit: number },
): Promise<MessageNode[]> {
  const found = await sql<Row<'message'>>`
    with recursive "path" as (
      select m.*, 1 as "step" from "message" m where m."id" = ${fromId} and m."conversationId" = ${conversationId}
      union all
      select m.*, p."step" + 1 from "message" m join "path" p on m."id" = p."activeChildId" where p."step" < ${limit}
    ) select * from "path" order by "depth"`.execute(db);
  return found.rows.map(toMessageNode);
}

/** How deep messages stand, in no order. */
export async function readDepths(db: Db, ids: readonly string[]): Promise<{ id: string; depth: number }[]> {
  const depths: { id: string; depth: number }[] = [];
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const some = ids.slice(start, start + IDS_AT_ONCE);
    depths.push(...(await db.selectFrom('message').select(['id', 'depth']).where('id', 'in', some).execute()));
  }
  return depths;
}

export interface PathStep {
  id: string;
  parentId: string | null;
  activeChildId: string | null;
  depth: number;
}

/** More steps than a path can have. */
export const LONGEST_PATH = 100_000_000;

/** A node and its ancestors, nearest first, at most `limit`. */
export async function readAncestors(db: Db, { fromId, limit }: { fromId: string; limit: number }): Promise<PathStep[]> {
  const found = await sql<PathStep>`
    with recursive "path" as (
      select "id", "parentId", "activeChildId", "depth", 1 as "step" from "message" where "id" = ${fromId}
      union all
      select m."id", m."parentId", m."activeChildId", m."depth", p."step" + 1
      from "message" m join "path" p on m."id" = p."parentId" where p."step" < ${limit}
    ) select "id", "parentId", "activeChildId", "depth" from "path" order by "step"`.execute(db);
  return found.rows;
}

/** Several nodes with their ancestors, at most `limit` of each, in no order. */
export async function readLines(
  db: Db,
  { fromIds, limit }: { fromIds: readonly string[]; limit: number },
): Promise<{ id: string; depth: number }[]> {
  const places: { id: string; depth: number }[] = [];
  for (let start = 0; start < fromIds.length; start += IDS_AT_ONCE) {
    const some = fromIds.slice(start, start + IDS_AT_ONCE);
    const found = await sql<{ id: string; depth: number }>`
      with recursive "path" as (
        select "id", "parentId", "depth", 1 as "step" from "message" where "id" in (${sql.join(some)})
        union all
        select m."id", m."parentId", m."depth", p."step" + 1
        from "message" m join "path" p on m."id" = p."parentId" where p."step" < ${limit}
      ) select "id", "depth" from "path"`.execute(db);
    places.push(...found.rows);
  }
  return places;
}

/** A node and what the active children lead to from it, nearest first, at most `limit`. */
export async function readActiveDescent(
  db: Db,
  { fromId, limit }: { fromId: string; limit: number },
): Promise<{ id: string; depth: number }[]> {
  const found = await sql<{ id: string; depth: number }>`
    with recursive "path" as (
      select "id", "activeChildId", "depth", 1 as "step" from "message" where "id" = ${fromId}
      union all
      select m."id", m."activeChildId", m."depth", p."step" + 1
      from "message" m join "path" p on m."id" = p."activeChildId" where p."step" < ${limit}
    ) select "id", "depth" from "path" order by "step"`.execute(db);
  return found.rows;
}

/**
 * Oldest first. Sorted here: asked for an order by id, SQLite walks a whole conversation by its index of ids instead of
 * looking its parents up.
 */
function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Ids of the undeleted children of each parent, oldest first; `null` stands for the first messages. */
export async function readChildren(
  db: Db,
  { conversationId, parentIds }: { conversationId: string; parentIds: readonly (string | null)[] },
): Promise<Map<string | null, string[]>> {
  const named = parentIds.filter((id) => id !== null);
  const rows = await db
    .selectFrom('message')
    .select(['id', 'parentId'])
    .where('conversationId', '=', conversationId)
    .where('deletedAt', 'is', null)
    .where((where) =>
      where.or([
        ...(named.length > 0 ? [where('parentId', 'in', named)] : []),
        ...(parentIds.includes(null) ? [where('parentId', 'is', null)] : []),
      ]),
    )
    .execute();
  const children = new Map<string | null, string[]>();
  for (const row of rows.toSorted(byId)) {
    const list = children.get(row.parentId);
    if (list) list.push(row.id);
    else children.set(row.parentId, [row.id]);
  }
  return children;
}

/** The undeleted children of each parent, whole, oldest first; `null` stands for the first messages. */
export async function readWholeChildren(
  db: Db,
  { conversationId, parentIds }: { conversationId: string; parentIds: readonly (string | null)[] },
): Promise<MessageNode[]> {
  const named = parentIds.filter((id) => id !== null);
  const rows = await db
    .selectFrom('message')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .where('deletedAt', 'is', null)
    .where((where) =>
      where.or([
        ...(named.length > 0 ? [where('parentId', 'in', named)] : []),
        ...(parentIds.includes(null) ? [where('parentId', 'is', null)] : []),
      ]),
    )
    .execute();
  return rows.toSorted(byId).map(toMessageNode);
}

/** Steps down that lead over a message with another active child are wrong from now on: see `TreeWays`. */
export async function setActiveChild(
  trx: Trx,
  { parentId, childId }: { parentId: string; childId: string },
): Promise<void> {
  await trx.updateTable('message').set({ activeChildId: childId }).where('id', '=', parentId).execute();
}

/** Gives a message its first active child; false where it had one. */
export async function setFirstActiveChild(
  trx: Trx,
  { parentId, childId }: { parentId: string; childId: string },
): Promise<boolean> {
  const result = await trx
    .updateTable('message')
    .set({ activeChildId: childId })
    .where('id', '=', parentId)
    .where('activeChildId', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/**
 * Writes the prefixes of replies under way in one statement, at most 200 of them; those no longer streaming are left
 * alone. SQLite and PostgreSQL both call the columns of a list of values `column1` and so on.
 */
export async function saveReplyPrefixes(db: Db, replies: readonly Pick<MessageNode, 'id' | 'parts'>[]): Promise<void> {
  if (replies.length === 0) return;
  const rows = replies.map(({ id, parts }) => sql`(${id}, ${JSON.stringify(partsSchema.parse(parts))})`);
  await sql`
    update "message" set "parts" = "grown"."column2"
    from (values ${sql.join(rows)}) as "grown"
    where "message"."id" = "grown"."column1" and "message"."state" = 'streaming'`.execute(db);
}

/** Ends a streaming message; false when it had ended already. */
export async function settleMessage(
  trx: Trx,
  settled: Pick<MessageNode, 'id' | 'parts' | 'state' | 'failure' | 'hasReceipt'> & { settledAt: number },
): Promise<boolean> {
  const result = await trx
    .updateTable('message')
    .set({
      parts: JSON.stringify(settled.parts),
      state: settled.state,
      failure: settled.failure === null ? null : JSON.stringify(settled.failure),
      hasReceipt: settled.hasReceipt ? 1 : 0,
      settledAt: settled.settledAt,
    })
    .where('id', '=', settled.id)
    .where('state', '=', 'streaming')
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Removes a message that is being written; false when its writing has ended already. */
export async function removeStreamingMessage(
  trx: Trx,
  { id, parentId }: Pick<MessageNode, 'id' | 'parentId'>,
): Promise<boolean> {
  const removed = await trx
    .deleteFrom('message')
    .where('id', '=', id)
    .where('state', '=', 'streaming')
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) return false;
  await removeStepsTo(trx, id);
  if (parentId !== null) {
    await trx
      .updateTable('message')
      .set({ activeChildId: null })
      .where('id', '=', parentId)
      .where('activeChildId', '=', id)
      .execute();
  }
  return true;
}

export async function setMessageDeleted(
  trx: Trx,
  { id, deletedAt }: { id: string; deletedAt: number | null },
): Promise<void> {
  await trx.updateTable('message').set({ deletedAt }).where('id', '=', id).execute();
}

export async function setMessageHidden(trx: Trx, { id, hidden }: { id: string; hidden: boolean }): Promise<void> {
  await trx
    .updateTable('message')
    .set({ hidden: hidden ? 1 : 0 })
    .where('id', '=', id)
    .execute();
}

/** Puts another name on everything an author said in a conversation; the words stay. */
export async function renameAuthor(
  trx: Trx,
  { conversationId, authorId, name }: { conversationId: string; authorId: string; name: string },
): Promise<void> {
  await trx
    .updateTable('message')
    .set({ authorName: name })
    .where('conversationId', '=', conversationId)
    .where('authorId', '=', authorId)
    .execute();
}

/** The first messages of a conversation in which nobody has said anything yet; empty once somebody has. */
export async function listUnansweredGreetings(trx: Trx, conversationId: string): Promise<MessageNode[]> {
  const rows = await trx
    .selectFrom('message')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('id')
    .limit(MAX_GREETINGS)
    .execute();
  const nodes = rows.map(toMessageNode);
  const isGreeting = (node: MessageNode) => node.parentId === null && node.author.kind === 'character';
  return nodes.every(isGreeting) ? nodes : [];
}

/** Says a greeting anew; only while nobody has answered it. */
export async function rewriteGreeting(trx: Trx, { id, parts }: Pick<MessageNode, 'id' | 'parts'>): Promise<void> {
  await trx
    .updateTable('message')
    .set({ parts: JSON.stringify(partsSchema.parse(parts)) })
    .where('id', '=', id)
    .execute();
}

/** What was being written when the house went away. */
export async function listStreamingMessages(trx: Trx): Promise<MessageNode[]> {
  const rows = await trx.selectFrom('message').selectAll().where('state', '=', 'streaming').execute();
  return rows.map(toMessageNode);
}

/** Replies that a crash cut off keep their prefix and say so. Returns their ids. */
export async function interruptStreamingMessages(trx: Trx, now: number): Promise<MessageNode[]> {
  const rows = await trx
    .updateTable('message')
    .set({ state: 'interrupted', settledAt: now })
    .where('state', '=', 'streaming')
    .returningAll()
    .execute();
  return rows.map(toMessageNode);
}

/** Every message of a conversation, all branches, oldest first. */
export async function listMessages(db: Db, conversationId: string): Promise<MessageNode[]> {
  const rows = await db
    .selectFrom('message')
    .selectAll()
    .where('conversationId', '=', conversationId)
    .orderBy('id')
    .execute();
  return rows.map(toMessageNode);
}
