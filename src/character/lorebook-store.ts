import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { cleanText } from '../../contract/common.ts';
import {
  lorebookBodySchema,
  loreTargetSchema,
  type LorebookBody,
  type LoreMode,
  type LoreTarget,
} from '../../contract/lore.ts';
import { TooLargeError } from '../base/errors.ts';
import type { Db, Trx } from '../storage/storage.ts';
import { setDeleted } from '../storage/tombstone-store.ts';
import type { LorebookCache } from './lorebook-cache.ts';

/** A book without its entries. */
export interface LorebookRecord {
  id: string;
  ownerId: string;
  name: string;
  description: string;
  mode: LoreMode;
  entryCount: number;
  contentHash: string;
  revision: number;
  createdAt: number;
  updatedAt: number;
  deletedAt: number | null;
}

/** Which kind of link brought a book into a turn. A card's own book is none of these. */
export type LoreSource = 'chat' | 'persona' | 'character' | 'global';

export interface BookInUse {
  id: string;
  name: string;
  body: LorebookBody;
  source: LoreSource;
}

const columns = [
  'id',
  'ownerId',
  'name',
  'description',
  'mode',
  'entryCount',
  'contentHash',
  'revision',
  'createdAt',
  'updatedAt',
  'deletedAt',
] as const;

function toRecord<Row extends { mode: string }>(row: Row): Omit<Row, 'mode'> & { mode: LoreMode } {
  return { ...row, mode: row.mode === 'spec' ? 'spec' : 'st' };
}

/** Bytes of a book's JSON; the largest shared ones are about 5 MiB. */
export const MAX_LOREBOOK_BYTES = 24 * 1024 * 1024;

function describeBody(body: LorebookBody) {
  const json = JSON.stringify(body);
  if (Buffer.byteLength(json) > MAX_LOREBOOK_BYTES) {
    throw new TooLargeError('The book is larger than 24 MiB.', { code: 'lorebook-too-large', field: 'body' });
  }
  return {
    name: cleanText(body.name),
    description: cleanText(body.description),
    mode: body.mode,
    entryCount: body.entries.length,
    body: json,
    contentHash: hashOf(json),
  };
}

function hashOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

/** Equal for books that say the same: sha256 of the body as its schema orders it. */
export function lorebookHash(body: LorebookBody): string {
  return hashOf(JSON.stringify(body));
}

export async function insertLorebook(
  trx: Trx,
  { id, ownerId, body, now }: { id: string; ownerId: string; body: LorebookBody; now: number },
): Promise<void> {
  await trx
    .insertInto('lorebook')
    .values({ id, ownerId, ...describeBody(body), revision: 1, createdAt: now, updatedAt: now, deletedAt: null })
    .execute();
}

/** Saves a body over the revision the writer looked at; undefined when another one was saved since. `size` is for the cache. */
export async function updateLorebook(
  trx: Trx,
  book: { id: string; ownerId: string; body: LorebookBody; expectedRevision: number; now: number },
): Promise<{ record: LorebookRecord; size: number } | undefined> {
  const description = describeBody(book.body);
  const row = await trx
    .updateTable('lorebook')
    .set({ ...description, revision: sql<number>`"revision" + 1`, updatedAt: book.now })
    .where('id', '=', book.id)
    .where('ownerId', '=', book.ownerId)
    .where('revision', '=', book.expectedRevision)
    .where('deletedAt', 'is', null)
    .returning(columns)
    .executeTakeFirst();
  return row && { record: toRecord(row), size: description.body.length };
}

/** Newest change first, without the deleted. */
export async function listLorebooks(db: Db, ownerId: string): Promise<LorebookRecord[]> {
  const rows = await db
    .selectFrom('lorebook')
    .select(columns)
    .where('ownerId', '=', ownerId)
    .where('deletedAt', 'is', null)
    .orderBy('updatedAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(toRecord);
}

/** Every read names the owner: another person's book does not exist. Deleted ones are read, too. */
export async function readLorebookRecord(
  db: Db | Trx,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<LorebookRecord | undefined> {
  const row = await db
    .selectFrom('lorebook')
    .select(columns)
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toRecord(row);
}

/** A book with its body as this revision has it. The body is shared with other readers: do not change it. */
export async function readLorebook(
  db: Db | Trx,
  { id, ownerId, cache }: { id: string; ownerId: string; cache: LorebookCache },
): Promise<{ record: LorebookRecord; body: LorebookBody } | undefined> {
  const record = await readLorebookRecord(db, { id, ownerId });
  if (!record) return undefined;
  const kept = cache.get(id, record.revision);
  if (kept) return { record, body: kept };
  const row = await db
    .selectFrom('lorebook')
    .select([...columns, 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { body: json, ...found } = row;
  return { record: toRecord(found), body: parseBody({ id, revision: found.revision, json, cache }) };
}

function parseBody(book: { id: string; revision: number; json: string; cache: LorebookCache }): LorebookBody {
  const body = lorebookBodySchema.parse(JSON.parse(book.json));
  book.cache.put(book.id, { revision: book.revision, body, size: book.json.length });
  return body;
}

/** A book of this owner with the same content, the oldest first. */
export async function findLorebookByContent(
  db: Db | Trx,
  { ownerId, contentHash }: { ownerId: string; contentHash: string },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('lorebook')
    .select('id')
    .where('ownerId', '=', ownerId)
    .where('contentHash', '=', contentHash)
    .where('deletedAt', 'is', null)
    .orderBy('createdAt')
    .executeTakeFirst();
  return row?.id;
}

export function setLorebookDeleted(
  trx: Trx,
  key: { id: string; ownerId: string; deletedAt: number | null },
): Promise<boolean> {
  return setDeleted(trx, 'lorebook', key);
}

/** Removes all books of a person and what they hang on, for good. */
export async function purgeLorebooks(trx: Trx, ownerId: string): Promise<void> {
  await trx.deleteFrom('lorebookLink').where('ownerId', '=', ownerId).execute();
  await trx.deleteFrom('lorebook').where('ownerId', '=', ownerId).execute();
}

/** Every book of a person, the deleted included, for an export of all that is theirs. */
export async function listLorebookIds(db: Db, ownerId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('lorebook')
    .select('id')
    .where('ownerId', '=', ownerId)
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** A world's book holds everywhere in that world. */
const SOURCES = {
  conversation: 'chat',
  persona: 'persona',
  character: 'character',
  world: 'global',
  user: 'global',
} as const;
/** The documented order of stacking: chat, persona, character, then those that hold everywhere. */
const STACKING: readonly LoreSource[] = ['chat', 'persona', 'character', 'global'];

/**
 * The books that count in a turn, in stacking order and each once, where it stands highest; several in one place by
 * the age of their links. The bodies are shared with other readers: do not change them.
 */
export async function readBooksInUse(
  db: Db,
  place: {
    ownerId: string;
    characterId: string;
    conversationId: string;
    personaId: string | null;
    worldId?: string | null;
  },
  cache: LorebookCache,
): Promise<BookInUse[]> {
  const links = await linkedBooks(db, place);
  const used = new Map<string, (typeof links)[number]>();
  for (const link of links.toSorted((a, b) => STACKING.indexOf(a.source) - STACKING.indexOf(b.source))) {
    if (!used.has(link.id)) used.set(link.id, link);
  }
  const bodies = await readBodies(db, [...used.values()], cache);
  return [...used.values()].flatMap(({ id, name, source }) => {
    const body = bodies.get(id);
    return body ? [{ id, name, body, source }] : [];
  });
}

async function linkedBooks(
  db: Db,
  { ownerId, characterId, conversationId, personaId, worldId = null }: Parameters<typeof readBooksInUse>[1],
) {
  const targets: LoreTarget[] = [
    { kind: 'conversation', id: conversationId },
    ...(personaId === null ? [] : [{ kind: 'persona' as const, id: personaId }]),
    { kind: 'character', id: characterId },
    ...(worldId === null ? [] : [{ kind: 'world' as const, id: worldId }]),
    { kind: 'user', id: ownerId },
  ];
  const rows = await db
    .selectFrom('lorebookLink')
    .innerJoin('lorebook', 'lorebook.id', 'lorebookLink.lorebookId')
    .select(['lorebook.id as id', 'lorebook.name as name', 'lorebook.revision as revision'])
    .select('lorebookLink.targetKind as kind')
    .where('lorebookLink.ownerId', '=', ownerId)
    .where('lorebook.ownerId', '=', ownerId)
    .where('lorebook.deletedAt', 'is', null)
    .where((where) =>
      where.or(
        targets.map((target) =>
          where.and([
            where('lorebookLink.targetKind', '=', target.kind),
            where('lorebookLink.targetId', '=', target.id),
          ]),
        ),
      ),
    )
    .orderBy('lorebookLink.createdAt')
    .orderBy('lorebook.id')
    .execute();
  return rows.map(({ kind, ...row }) => ({ ...row, source: SOURCES[loreTargetSchema.shape.kind.parse(kind)] }));
}

async function readBodies(
  db: Db,
  books: readonly { id: string; revision: number }[],
  cache: LorebookCache,
): Promise<Map<string, LorebookBody>> {
  const bodies = new Map<string, LorebookBody>();
  const missing: string[] = [];
  for (const { id, revision } of books) {
    const kept = cache.get(id, revision);
    if (kept) bodies.set(id, kept);
    else missing.push(id);
  }
  if (missing.length === 0) return bodies;
  const rows = await db.selectFrom('lorebook').select(['id', 'revision', 'body']).where('id', 'in', missing).execute();
  for (const { id, revision, body } of rows) bodies.set(id, parseBody({ id, revision, json: body, cache }));
  return bodies;
}
