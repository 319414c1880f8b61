import type { ConversationList } from '../../../contract/conversations.ts';
import type { ConversationSort } from '../../../contract/organising.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { findNamed } from '../../character/library-list-store.ts';
import {
  compareConversations,
  listConversations,
  listForSorting,
  listVisitedConversations,
  sortValue,
  type ColumnSort,
  type ListConversations,
  type MarkFilter,
} from '../../conversation/conversation-list-store.ts';
import { listPinned } from '../../conversation/conversation-mark-store.ts';
import { listIdsWith, listTitles, readConversations } from '../../conversation/conversation-store.ts';
import type { ConversationRecord } from '../../conversation/tree-types.ts';
import { toSearchText } from '../../storage/search/search-text.ts';
import type { ChatContext } from './chat-context.ts';
import { inReadersOrder, pageAfter, type ReadersOrder } from './list-in-order.ts';
import { isUnread, presentConversations } from './present-conversation.ts';

/** Pinned conversations stand before all others, on the first page: more would push everything else away. */
const MOST_PINNED = 100;

export interface ListRequest {
  search?: string | undefined;
  cursor?: string | undefined;
  limit: number;
  characterId?: string | undefined;
  /** Newest first without it. */
  sort?: ConversationSort | undefined;
  /** Without it: hidden in the plain list, found by searches and with their character. */
  archived?: MarkFilter['archived'] | undefined;
  favourite?: boolean | undefined;
  folderId?: string | undefined;
  tag?: string | undefined;
}

/** One page of a person's conversations: those they host and those they are a guest in, the pinned ones first. */
export async function listFor(context: ChatContext, actor: Actor, request: ListRequest): Promise<ConversationList> {
  const { search, cursor, limit, characterId, sort = 'recent', favourite, folderId, tag } = request;
  if (sort === 'name' || sort === 'unread') return listByReader(context, actor, { ...request, sort });
  const searched = search?.trim() ?? '';
  const hasPins = searched === '' && characterId === undefined && request.archived !== 'only';
  const archived = request.archived ?? (hasPins ? 'hide' : 'all');
  const wanted = searched === '' ? null : await findWanted(context, actor, searched);
  const read = async (asked: Pick<ListConversations, 'cursor' | 'limit'> & { pinned: boolean | undefined }) => {
    const marks = { archived, favourite, folderId, tag, pinned: asked.pinned };
    const options = { ...asked, userId: actor.userId, sort, characterId: characterId ?? null, marks };
    const { db } = context.storage;
    const own = await listConversations(db, { ...options, search: wanted });
    const visited = await listVisitedConversations(db, { ...options, title: searched });
    return [...own, ...visited].toSorted((a, b) => compareConversations(a, b, sort));
  };
  const isFirst = cursor === undefined || cursor === '';
  // Most people pin little or nothing, and looking through thousands for it costs more than asking first.
  const isPinning = hasPins && isFirst && (await listPinned(context.storage.db, actor.userId)).length > 0;
  const pinned = isPinning ? await read({ cursor: null, limit: MOST_PINNED, pinned: true }) : [];
  const others = await read({
    cursor: isFirst ? null : parseCursor(cursor),
    limit: limit + 1,
    pinned: hasPins ? false : undefined,
  });
  const page = [...pinned, ...others.slice(0, limit)];
  const last = others.length > limit ? others[limit - 1] : undefined;
  return {
    conversations: await presentConversations(context, page, actor.userId),
    nextCursor: last ? cursorOf(last, sort) : null,
  };
}

/** The same in an order that is worked out here; a search narrows it too. */
async function listByReader(
  context: ChatContext,
  actor: Actor,
  { sort, limit, cursor, ...request }: ListRequest & { sort: ReadersOrder },
): Promise<ConversationList> {
  const { db } = context.storage;
  const { userId } = actor;
  const { characterId = null, favourite, folderId, tag } = request;
  const searched = request.search?.trim() ?? '';
  const hasPins = searched === '' && characterId === null && request.archived !== 'only';
  const marks = { archived: request.archived ?? (hasPins ? 'hide' : 'all'), favourite, folderId, tag };
  const rows = await listForSorting(db, { userId, characterId, marks });
  const found = searched === '' ? null : await findIds(context, actor, searched);
  const wanted = found === null ? rows : rows.filter(({ id, name }) => found(id, name));
  const pinned = hasPins ? new Set(await listPinned(db, userId)) : new Set<string>();
  const locale = (await context.people.localeOf(userId)) ?? 'en';
  const ordered = inReadersOrder(wanted, { order: sort, locale, isUnread });
  const inFront = ordered.filter(({ id }) => pinned.has(id));
  const behind = ordered.filter(({ id }) => !pinned.has(id));
  const { ids, nextCursor } = pageAfter([...inFront, ...behind], { cursor, limit });
  const records = await readConversations(db, ids);
  const byId = new Map(records.map((record) => [record.id, record]));
  const page = ids.flatMap((id) => byId.get(id) ?? []);
  return { conversations: await presentConversations(context, page, userId), nextCursor };
}

/** True of what a search finds, also of rooms somebody is a guest in. */
async function findIds(
  context: ChatContext,
  actor: Actor,
  searched: string,
): Promise<(id: string, name: string | null) => boolean> {
  const { ids, characterIds } = await findWanted(context, actor, searched);
  const withThem = await listIdsWith(context.storage.db, { ownerId: actor.userId, characterIds });
  const known = new Set([...ids, ...withThem]);
  const typed = searched.toLowerCase();
  return (id, name) => known.has(id) || (name?.toLowerCase().includes(typed) ?? false);
}

/** What matches a search: words said, titles, names of characters. */
async function findWanted(
  { storage, search }: ChatContext,
  actor: Actor,
  query: string,
): Promise<{ ids: string[]; characterIds: string[] }> {
  const words = toSearchText(query);
  const typed = query.toLowerCase();
  const isNamed = (name: string) =>
    name.toLowerCase().includes(typed) || (words !== '' && toSearchText(name).includes(words));
  const [said, titles, characterIds] = await Promise.all([
    search.findConversations(storage.db, { ownerId: actor.userId, query }),
    listTitles(storage.db, actor.userId),
    findNamed(storage.db, { userId: actor.userId, query }),
  ]);
  const titled = titles.filter(({ title }) => title !== null && isNamed(title));
  return { ids: [...new Set([...said, ...titled.map(({ id }) => id)])], characterIds };
}

function cursorOf(record: ConversationRecord, sort: ColumnSort): string {
  return `${sortValue(record, sort)}:${record.id}`;
}

function parseCursor(cursor: string): { value: number; id: string } {
  const match = /^(\d{1,16}):([\w:.-]{1,128})$/.exec(cursor);
  if (!match?.[1] || !match[2]) throw new InvalidInputError('This cursor is not one of ours.', { field: 'cursor' });
  return { value: Number(match[1]), id: match[2] };
}
