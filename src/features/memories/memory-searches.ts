import type { MemorySearch, MemoryUse } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { excerptAround } from '../../memory/excerpt.ts';
import { listConversationPairs } from '../../memory/pair-seats-store.ts';
import type { Pair, Standpoint } from '../../memory/pair-view.ts';
import type { Passage } from '../../memory/recall-service.ts';
import { requirePair, type MemoriesContext } from './memories-context.ts';
import { presentFacts } from './present-facts.ts';

/** Passages and facts that are shown. */
const MOST = { passages: 30, facts: 20 } as const;
/** Characters of a passage that are shown. */
const EXCERPT_LENGTH = 300;

export interface SearchMemory {
  query: string;
  /** Where one stands: this conversation's path and what may be known there. Absent = every conversation's path. */
  conversationId?: string | undefined;
  signal: AbortSignal;
}

/** Finds what was said and what is known, as a reply would. */
export class MemorySearches {
  readonly #context: MemoriesContext;

  constructor(context: MemoriesContext) {
    this.#context = context;
  }

  async find(actor: Actor, characterId: string, asked: SearchMemory): Promise<MemorySearch> {
    const { storage, memories, recall, facts, clock, timeZone } = this.#context;
    const { pair, character } = await requirePair(this.#context, actor, characterId);
    const standpoint = await this.#standpoint(pair, asked.conversationId);
    const view = await memories.view(pair, standpoint);
    const now = clock.now();
    const { passages } = await recall.recall({
      pair,
      view,
      texts: [{ text: asked.query, weight: 1 }],
      exclude: new Set(),
      forbidden: await facts.rules(pair),
      names: [character.version.card.data.name],
      now,
      timeZone,
      limit: MOST.passages,
      signal: asked.signal,
    });
    const known = await facts.relevant({ pair, view, texts: [asked.query], now, limit: Number.MAX_SAFE_INTEGER });
    const found = known.filter(({ score }) => score > 0).slice(0, MOST.facts);
    return {
      // What only stands beside or near what was found is shown with it, not found itself.
      found: passages.filter(({ words, parts }) => words.length > 0 || parts.vector > 0).map(toUse),
      facts: await presentFacts(storage.db, { view, seen: found.map(({ fact }) => ({ fact, counts: true })) }),
    };
  }

  async #standpoint({ ownerId, characterId }: Pair, id: string | undefined): Promise<Standpoint | undefined> {
    if (id === undefined) return undefined;
    const conversation = await readConversation(this.#context.storage.db, { id, ownerId });
    const pairs = conversation ? await listConversationPairs(this.#context.storage.db, id) : [];
    const isTheirs = pairs.some((pair) => pair.characterId === characterId);
    if (!conversation || conversation.deletedAt !== null || !isTheirs) {
      throw new NotFoundError('There is no such conversation.', { field: 'conversationId' });
    }
    return { conversationId: id, endId: conversation.leafId };
  }
}

function toUse({ turn, neighbour, score, parts, words }: Passage): MemoryUse {
  return {
    kind: 'passage',
    id: turn.id,
    conversationId: turn.conversationId,
    text: excerptAround(turn.text, words, EXCERPT_LENGTH),
    speaker: turn.speaker,
    at: turn.at,
    score,
    parts,
    words,
    tokens: 0,
    sources: [turn, ...(neighbour ? [neighbour] : [])].map(({ id, conversationId }) => ({
      conversationId,
      messageId: id,
    })),
  };
}
