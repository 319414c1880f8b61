import { sql } from 'kysely';
import type { ConversationSort } from '../../contract/organising.ts';
import type { Db } from '../storage/storage.ts';
import { CONVERSATION_COLUMNS, listVisited } from './conversation-store.ts';
import type { ConversationRecord } from './tree-types.ts';

/** Which by how their reader keeps them. */
export interface MarkFilter {
  archived: 'hide' | 'only' | 'all';
  favourite?: boolean | undefined;
  pinned?: boolean | undefined;
  folderId?: string | undefined;
  tag?: string | undefined;
}

export interface ListConversations {
  /** Whose list it is. */
  userId: string;
  sort: ColumnSort;
  /** The last one of the page before: what it is sorted by, and its id. */
  cursor: { value: number; id: string } | null;
  limit: number;
  characterId: string | null;
  marks: MarkFilter;
}

/** Conversations somebody is a guest in that a search looks through. */
const MOST_VISITED = 1000;

/** Orders that a column has. */
export type ColumnSort = Exclude<ConversationSort, 'name' | 'unread'>;

const SORTS = {
  recent: { column: 'updatedAt', direction: 'desc' },
  created: { column: 'createdAt', direction: 'desc' },
  oldest: { column: 'createdAt', direction: 'asc' },
  longest: { column: 'messageCount', direction: 'desc' },
} as const;

/** What a conversation is sorted by. */
export function sortValue(record: ConversationRecord, sort: ColumnSort): number {
  return record[SORTS[sort].column];
}

/** Before zero where `a` comes first. */
export function compareConversations(a: ConversationRecord, b: ConversationRecord, sort: ColumnSort): number {
  const up = sortValue(a, sort) - sortValue(b, sort) || (a.id < b.id ? -1 : 1);
  return SORTS[sort].direction === 'asc' ? up : -up;
}

/** The conversations that a person hosts; with a search only these ids, and those with one of these characters. */
export async function listConversations(
  db: Db,
  {
    search,
    ...options
  }: ListConversations & { search: { ids: readonly string[]; characterIds: readonly string[] } | null },
): Promise<ConversationRecord[]> {
  if (search && search.ids.length + search.characterIds.length === 0) return [];
  let query = listed(db, options).where('conversation.ownerId', '=', options.userId);
  if (search) {
    query = query.where((where) =>
      where.or([
        ...(search.ids.length > 0 ? [where('conversation.id', 'in', [...search.ids])] : []),
        ...(search.characterIds.length > 0 ? [where('conversation.characterId', 'in', [...search.characterIds])] : []),
      ]),
    );
  }
  return query.limit(options.limit).execute();
}

/** The same of the conversations that a human is a guest in, where `title` stands in the title if it is not empty. */
export async function listVisitedConversations(
  db: Db,
  { title, ...options }: ListConversations & { title: string },
): Promise<ConversationRecord[]> {
  const query = listed(db, options).where('conversation.id', 'in', listVisited(db, options.userId));
  // Nobody is a guest in so many that they could not be looked through.
  const wanted = title.toLowerCase();
  if (wanted === '') return query.limit(options.limit).execute();
  const records = await query.limit(MOST_VISITED).execute();
  return records.filter((record) => record.title?.toLowerCase().includes(wanted)).slice(0, options.limit);
}

/** What an order of a reader's own is made from. */
export interface SortingRow {
  id: string;
  updatedAt: number;
  seenAt: number | null;
  /** Its title, else the name of its first character. */
  name: string | null;
}

/** Every conversation of somebody's list, as little of each as sorting needs. */
export async function listForSorting(
  db: Db,
  { userId, characterId, marks }: Pick<ListConversations, 'userId' | 'characterId' | 'marks'>,
): Promise<SortingRow[]> {
  let query = db
    .selectFrom('conversation')
    .leftJoin('conversationMark as mark', (join) =>
      join.onRef('mark.conversationId', '=', 'conversation.id').on('mark.userId', '=', userId),
    )
    .select(({ fn, selectFrom }) => [
      'conversation.id',
      'conversation.updatedAt',
      'mark.seenAt',
      fn
        .coalesce(
          'conversation.title',
          selectFrom('participant')
            .select('participant.name')
            .whereRef('participant.conversationId', '=', 'conversation.id')
            .where('participant.kind', '=', 'character')
            .orderBy('participant.position')
            .limit(1),
        )
        .as('name'),
    ])
    .where('conversation.deletedAt', 'is', null)
    .where((where) =>
      where.or([where('conversation.ownerId', '=', userId), where('conversation.id', 'in', listVisited(db, userId))]),
    );
  if (characterId) query = query.where('conversation.characterId', '=', characterId);
  for (const isKept of markConditions(marks)) query = query.where(isKept);
  return query.execute();
}

function listed(db: Db, { userId, sort, cursor, characterId, marks }: ListConversations) {
  const { column, direction } = SORTS[sort];
  const ordered = `conversation.${column}` as const;
  const beyond = direction === 'asc' ? '>' : '<';
  let query = db
    .selectFrom('conversation')
    .leftJoin('conversationMark as mark', (join) =>
      join.onRef('mark.conversationId', '=', 'conversation.id').on('mark.userId', '=', userId),
    )
    .select(CONVERSATION_COLUMNS.map((name) => `conversation.${name}` as const))
    .where('conversation.deletedAt', 'is', null)
    .orderBy(ordered, direction)
    .orderBy('conversation.id', direction);
  if (cursor) {
    query = query.where((where) =>
      where.or([
        where(ordered, beyond, cursor.value),
        where.and([where(ordered, '=', cursor.value), where('conversation.id', beyond, cursor.id)]),
      ]),
    );
  }
  if (characterId) query = query.where('conversation.characterId', '=', characterId);
  for (const isKept of markConditions(marks)) query = query.where(isKept);
  return query;
}

function markConditions(marks: MarkFilter) {
  const conditions = [];
  if (marks.archived !== 'all') conditions.push(isFlag('archived', marks.archived === 'only'));
  if (marks.favourite !== undefined) conditions.push(isFlag('favourite', marks.favourite));
  if (marks.pinned !== undefined) conditions.push(isFlag('pinned', marks.pinned));
  if (marks.folderId !== undefined) conditions.push(sql<boolean>`${sql.ref('mark.folderId')} = ${marks.folderId}`);
  if (marks.tag !== undefined) conditions.push(hasTag(marks.tag));
  return conditions;
}

/** Whoever has no mark has no flag. */
function isFlag(name: 'archived' | 'favourite' | 'pinned', value: boolean) {
  return sql<boolean>`coalesce(${sql.ref(`mark.${name}`)}, 0) = ${value ? 1 : 0}`;
}

/** Tags are a JSON list of texts: one of them, whole. */
function hasTag(tag: string) {
  const pattern = `%${JSON.stringify(tag).replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  return sql<boolean>`${sql.ref('mark.tags')} like ${pattern} escape '\\'`;
}
