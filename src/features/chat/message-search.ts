import { localeSchema } from '../../../contract/common.ts';
import {
  SEARCH_COUNT_LIMIT,
  type MessageSearchQuery,
  type SearchHit,
  type SearchPage,
  type SearchPlace,
} from '../../../contract/search.ts';
import type { Actor } from '../../accounts/actor.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { readCharacterVersions } from '../../character/character-store.ts';
import { presentCharacterSummary } from '../../character/present-character.ts';
import type { ActivePaths } from '../../conversation/active-paths.ts';
import { readConversations } from '../../conversation/conversation-store.ts';
import { readDepths, readMessages } from '../../conversation/message-store.ts';
import { listConversationsWith, listParticipantsOf } from '../../conversation/participant-store.ts';
import { hears, hostSeat } from '../../conversation/seat.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import type { SearchScope } from '../../storage/search/message-query.ts';
import { INDEXED_LENGTH, type FoundMessage } from '../../storage/search/message-search-store.ts';
import { toMessagePhrases, type SearchPhrase } from '../../storage/search/message-words.ts';
import { excerptOf } from '../../storage/search/search-marks.ts';
import type { ChatContext } from './chat-context.ts';
import type { Conversations } from './conversations.ts';

/** Rooms that a character came into later and that a search with it looks through. */
const MOST_ROOMS = 200;

export interface WideSearch extends MessageSearchQuery {
  character?: string | undefined;
  conversation?: string | undefined;
}

/** Words that were said, found again: in one conversation or in all that a person may open. */
export class MessageSearches {
  readonly #context: ChatContext;
  readonly #conversations: Conversations;
  readonly #paths: ActivePaths;

  constructor(context: ChatContext, parts: { conversations: Conversations; paths: ActivePaths }) {
    this.#context = context;
    this.#conversations = parts.conversations;
    this.#paths = parts.paths;
  }

  async search(actor: Actor, query: WideSearch): Promise<SearchPage> {
    const { storage, search } = this.#context;
    if (query.conversation !== undefined) await this.#conversations.requireSeat(actor, query.conversation);
    const phrases = toMessagePhrases(query.q);
    if (phrases.length === 0) return { hits: [], places: [], total: 0, totalIsMore: false, nextCursor: null };
    const cursor = readCursor(query);
    const found = await search.findMessages(storage.db, {
      phrases,
      userId: actor.userId,
      scopes: await this.#scopes(query),
      from: query.from ?? null,
      to: query.to ?? null,
      afterRow: query.order === 'best' ? null : cursor,
      oldestFirst: query.order === 'oldest',
      scored: query.order === 'best',
      limit: SEARCH_COUNT_LIMIT + 1,
    });
    const counted = found.slice(0, SEARCH_COUNT_LIMIT);
    const kept = query.where === 'path' ? await this.#keepPath(counted) : counted;
    const page = pageOf(kept, { query, cursor, isMore: found.length > counted.length, last: counted.at(-1) });
    return {
      ...(await this.#present(actor, { page: page.found, phrases })),
      total: query.cursor === undefined ? kept.length : null,
      totalIsMore: found.length > counted.length,
      nextCursor: page.nextCursor,
    };
  }

  async #scopes({ conversation, character, author }: WideSearch): Promise<SearchScope[][]> {
    const scopes: SearchScope[][] = [];
    if (conversation !== undefined) scopes.push([{ kind: 'conversation', id: conversation }]);
    if (character !== undefined) {
      const rooms = await listConversationsWith(this.#context.storage.db, {
        characterId: character,
        limit: MOST_ROOMS,
      });
      scopes.push([
        { kind: 'character', id: character },
        ...rooms.map((id): SearchScope => ({ kind: 'conversation', id })),
      ]);
    }
    if (author !== undefined) scopes.push([{ kind: 'author', id: author }]);
    return scopes;
  }

  async #keepPath(found: readonly FoundMessage[]): Promise<FoundMessage[]> {
    const onPath = await this.#onPath(found, await this.#conversationsOf(found));
    return found.filter(({ messageId }) => onPath.has(messageId));
  }

  async #conversationsOf(found: readonly FoundMessage[]): Promise<Map<string, ConversationRecord>> {
    const ids = [...new Set(found.map(({ conversationId }) => conversationId))];
    const records = await readConversations(this.#context.storage.db, ids);
    return new Map(records.map((record) => [record.id, record]));
  }

  async #onPath(
    found: readonly FoundMessage[],
    conversations: ReadonlyMap<string, ConversationRecord>,
  ): Promise<Set<string>> {
    const ids = found.map(({ messageId }) => messageId);
    const depths = new Map((await readDepths(this.#context.storage.db, ids)).map(({ id, depth }) => [id, depth]));
    const onPath = new Set<string>();
    for (const [id, messages] of Map.groupBy(found, ({ conversationId }) => conversationId)) {
      const conversation = conversations.get(id);
      if (!conversation) continue;
      const nodes = messages.map(({ messageId }) => ({ id: messageId, depth: depths.get(messageId) ?? 0 }));
      for (const there of await this.#paths.among(conversation, nodes)) onPath.add(there);
    }
    return onPath;
  }

  async #present(
    actor: Actor,
    { page, phrases }: { page: readonly FoundMessage[]; phrases: readonly SearchPhrase[] },
  ): Promise<Pick<SearchPage, 'hits' | 'places'>> {
    const { db } = this.#context.storage;
    const conversations = await this.#conversationsOf(page);
    const onPath = await this.#onPath(page, conversations);
    const nodes = await readMessages(
      db,
      page.map(({ messageId }) => messageId),
    );
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const shown = [...new Set(page.map(({ conversationId }) => conversationId))];
    const participants = await listParticipantsOf(db, shown);
    const mayRead = (node: MessageNode): boolean => {
      const conversation = conversations.get(node.conversationId);
      const there = participants.get(node.conversationId) ?? [];
      const seat = there.find(({ subjectId, kind }) => kind === 'human' && subjectId === actor.userId);
      if (seat) return hears(seat, node);
      return conversation?.ownerId === actor.userId && hears(hostSeat(conversation), node);
    };
    const hits = page.flatMap(({ messageId }): SearchHit[] => {
      const node = byId.get(messageId);
      if (!node || node.deletedAt !== null || !mayRead(node)) return [];
      return [presentHit(node, { phrases, onPath: onPath.has(messageId) })];
    });
    return { hits, places: await this.#places(shown.flatMap((id) => conversations.get(id) ?? [])) };
  }

  async #places(records: readonly ConversationRecord[]): Promise<SearchPlace[]> {
    const versions = await readCharacterVersions(this.#context.storage.db, [
      ...new Set(records.map(({ characterVersionId }) => characterVersionId)),
    ]);
    return records.map(({ id, title, leafId, locale, ownerId, characterVersionId }) => {
      const version = versions.get(characterVersionId);
      const summary =
        version && presentCharacterSummary(version, { locale: localeSchema.parse(locale), userId: ownerId });
      const characterName = summary?.name ?? '';
      return { id, title: title ?? characterName, characterName, pictureUrl: summary?.pictureUrl ?? null, leafId };
    });
  }
}

function presentHit(
  node: MessageNode,
  { phrases, onPath }: { phrases: readonly SearchPhrase[]; onPath: boolean },
): SearchHit {
  const { id, conversationId, author, createdAt, depth, hidden } = node;
  const excerpt = excerptOf(textOf(node.parts).slice(0, INDEXED_LENGTH), phrases);
  return { messageId: id, conversationId, author, createdAt, depth, onPath, hidden, excerpt };
}

/** A row, or for the best matches how many were shown; null at the beginning. */
function readCursor({ cursor }: MessageSearchQuery): number | null {
  if (cursor === undefined) return null;
  const number = Number(cursor);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidInputError('This is no cursor of a search: take `nextCursor` of the page before.', {
    field: 'cursor',
  });
}

function pageOf(
  kept: readonly FoundMessage[],
  {
    query,
    cursor,
    isMore,
    last,
  }: { query: MessageSearchQuery; cursor: number | null; isMore: boolean; last: FoundMessage | undefined },
): { found: FoundMessage[]; nextCursor: string | null } {
  const { order, limit } = query;
  if (order === 'best') {
    const from = cursor ?? 0;
    const ranked = kept.toSorted((a, b) => b.score - a.score || b.row - a.row);
    return {
      found: ranked.slice(from, from + limit),
      nextCursor: from + limit < ranked.length ? String(from + limit) : null,
    };
  }
  const found = kept.slice(0, limit);
  const end = kept.length > limit ? found.at(-1) : isMore ? last : undefined;
  return { found, nextCursor: end ? String(end.row) : null };
}
