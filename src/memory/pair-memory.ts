import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MemorySettings } from '../../contract/memory.ts';
import type { Db } from '../storage/storage.ts';
import { ConversationMirror } from './conversation-mirror.ts';
import {
  listPairConversations,
  readMessagesAfter,
  readMessagesById,
  type PairConversation,
  type WitnessedMessage,
} from './pair-index-store.ts';
import { readMemoryPause } from './memory-settings-store.ts';
import type { CoveredView } from './covered-view.ts';
import { readPairSeats, type PairSeats } from './pair-seats-store.ts';
import type { Pair, Standpoint } from './pair-view.ts';
import { TurnIndex, type RecallTurn } from './recall/turn-index.ts';
import type { RecallView } from './recall/recall-view.ts';

/** Messages read between two looks at what else the process has to do. */
const PAGE = 400;
/** Views kept for the places memory was last asked from. */
const MOST_VIEWS = 4;

/** What happened to a conversation since it was read: single messages, or so much that all is read again. */
export type Dirt = Set<string> | 'all';

interface Held {
  conversation: PairConversation;
  mirror: ConversationMirror;
  seats: PairSeats;
}

interface KeptView {
  conversationIds: readonly string[];
  chains: readonly (readonly string[])[];
  version: string;
  view: RecallView;
}

/** What one character witnessed of one person, in memory: every conversation's tree, and an index over its words. */
export class PairMemory {
  readonly pair: Pair;
  readonly index = new TurnIndex();
  readonly #db: Db;
  readonly #held = new Map<string, Held>();
  readonly #dirt = new Map<string, Dirt>();
  readonly #views = new Map<string, KeptView>();
  #order: readonly string[] = [];
  #settings: (MemorySettings & { pausedAt: number | null }) | undefined;
  #syncing: Promise<void> = Promise.resolve();

  constructor(db: Db, pair: Pair) {
    this.#db = db;
    this.pair = pair;
  }

  /** All of the pair's conversations that are not deleted, private ones among them. */
  get conversationIds(): readonly string[] {
    return this.#order;
  }

  get bytes(): number {
    return this.index.bytes;
  }

  has(conversationId: string): boolean {
    return this.#held.has(conversationId);
  }

  /** Notes what happened; it is read with the next `sync`. */
  soil(conversationId: string, messageId: string | null): void {
    const dirt = this.#dirt.get(conversationId);
    if (dirt === 'all') return;
    if (messageId === null) this.#dirt.set(conversationId, 'all');
    else if (dirt) dirt.add(messageId);
    else this.#dirt.set(conversationId, new Set([messageId]));
  }

  /** Reads what is new. One at a time; callers share the one under way only if they came before it began. */
  sync(): Promise<void> {
    this.#syncing = this.#syncing.catch(() => undefined).then(() => this.#sync());
    return this.#syncing;
  }

  async #sync(): Promise<void> {
    const [conversations, settings] = await Promise.all([
      listPairConversations(this.#db, this.pair),
      readMemoryPause(this.#db, this.pair),
    ]);
    this.#settings = settings;
    const there = new Set(conversations.map(({ id }) => id));
    for (const id of this.#held.keys()) if (!there.has(id)) this.#drop(id);
    for (const conversation of conversations) await this.#syncOne(conversation);
    this.#order = conversations.map(({ id }) => id);
  }

  async #syncOne(conversation: PairConversation): Promise<void> {
    const dirt = this.#dirt.get(conversation.id);
    let held = this.#held.get(conversation.id);
    if (dirt === 'all' && held) this.#drop(conversation.id);
    if (dirt === 'all' || !held) {
      held = { conversation, mirror: new ConversationMirror(), seats: await this.#seats(conversation) };
      this.#held.set(conversation.id, held);
    }
    held.conversation = conversation;
    const isWhole =
      dirt === undefined &&
      held.mirror.size > 0 &&
      (conversation.leafId === null || held.mirror.has(conversation.leafId));
    this.#dirt.delete(conversation.id);
    // Somebody may have come in since.
    if (conversation.isRoom && !isWhole) held.seats = await this.#seats(conversation);
    try {
      if (dirt instanceof Set) await this.#readAgain(held, [...dirt]);
      if (!isWhole) await this.#readNew(held);
    } catch (error) {
      this.soil(conversation.id, null);
      throw error;
    }
  }

  #seats({ id }: PairConversation): Promise<PairSeats> {
    return readPairSeats(this.#db, { conversationId: id, characterId: this.pair.characterId });
  }

  async #readNew(held: Held): Promise<void> {
    for (;;) {
      const page = await readMessagesAfter(this.#db, {
        conversationId: held.conversation.id,
        afterId: held.mirror.newestId,
        limit: PAGE,
        seats: held.seats,
      });
      for (const message of page) this.#put(held, message);
      if (page.length < PAGE) return;
      await nextTurn();
    }
  }

  async #readAgain(held: Held, ids: readonly string[]): Promise<void> {
    const { id: conversationId } = held.conversation;
    const found = await readMessagesById(this.#db, { conversationId, ids, seats: held.seats });
    for (const message of found) this.#put(held, message);
    const there = new Set(found.map(({ id }) => id));
    for (const id of ids) {
      if (there.has(id)) continue;
      held.mirror.remove(id);
      this.index.remove(id);
    }
  }

  #put(held: Held, message: WitnessedMessage): void {
    // Putting the same words again would only make every view look through them anew.
    const isSame = message.known && this.index.has(message.id) && held.mirror.hasWords(message.id, message.hash);
    held.mirror.put(message);
    if (isSame) return;
    if (!message.known) {
      this.index.remove(message.id);
      return;
    }
    const { id, parentId, conversationId, depth, speaker, byHuman, text, at } = message;
    this.index.put({ id, parentId, conversationId, depth, speaker, byHuman, text, at });
  }

  #drop(conversationId: string): void {
    const held = this.#held.get(conversationId);
    if (!held) return;
    for (const id of held.mirror.ids()) this.index.remove(id);
    this.#held.delete(conversationId);
    this.#views.clear();
  }

  /** What counts, as of the last `sync`. */
  view(standpoint?: Standpoint): LivingView {
    const chains = new Map<string, readonly string[]>();
    const own = standpoint && this.#held.get(standpoint.conversationId);
    if (own && standpoint) chains.set(standpoint.conversationId, own.mirror.path(standpoint.endId));
    const alone = standpoint?.alone === true;
    const isClosed = own?.conversation.memory === 'private' || (own && this.#settings?.otherConversations === false);
    if (!alone && !isClosed) {
      for (const id of this.#order) {
        const held = this.#held.get(id);
        if (held && !chains.has(id) && held.conversation.memory !== 'private') chains.set(id, this.#beforePause(held));
      }
    }
    return new LivingView(this, chains, alone);
  }

  /** Of a conversation seen from elsewhere: what was said before it, or the character's memory, was paused. */
  #beforePause({ conversation, mirror }: Held): readonly string[] {
    const path = mirror.path(conversation.leafId);
    const pauses = [conversation.memory === 'paused' ? conversation.pausedAt : null, this.#settings?.pausedAt ?? null];
    const until = Math.min(...pauses.map((at) => at ?? Number.POSITIVE_INFINITY));
    return until === Number.POSITIVE_INFINITY ? path : path.filter((id) => (mirror.timeOf(id) ?? 0) < until);
  }

  /** By what the words of a known message are known here. */
  hashOf(conversationId: string, id: string): string | undefined {
    return this.#held.get(conversationId)?.mirror.hashOf(id);
  }

  hasWords(conversationId: string, id: string, hash: string): boolean {
    return this.#held.get(conversationId)?.mirror.hasWords(id, hash) === true;
  }

  /** The index seen through chains; kept, and extended where they only grew. */
  recallView(chains: ReadonlyMap<string, readonly string[]>): RecallView {
    const conversationIds = [...chains.keys()];
    const lists = [...chains.values()];
    const key = conversationIds[0] ?? '';
    const version = conversationIds.map((id) => this.#held.get(id)?.mirror.version ?? -1).join(' ');
    const kept = this.#views.get(key);
    if (kept && kept.version === version && sameItems(kept.conversationIds, conversationIds)) {
      const grows = kept.chains.every((chain, index) => isBeginning(chain, lists[index] ?? []));
      if (grows) {
        for (const [index, chain] of kept.chains.entries()) {
          const more = lists[index]?.slice(chain.length) ?? [];
          if (more.length > 0) kept.view.extend(index, more);
        }
        kept.chains = lists;
        return kept.view;
      }
    }
    const view = this.index.view(lists);
    this.#views.delete(key);
    this.#views.set(key, { conversationIds, chains: lists, version, view });
    const oldest = this.#views.keys().next().value;
    if (this.#views.size > MOST_VIEWS && oldest !== undefined) this.#views.delete(oldest);
    return view;
  }
}

/** What counts, over the living index. */
export class LivingView implements CoveredView {
  readonly conversationIds: readonly string[];
  readonly alone: boolean;
  readonly #memory: PairMemory;
  readonly #chains: ReadonlyMap<string, readonly string[]>;
  #recall: RecallView | undefined;

  constructor(memory: PairMemory, chains: ReadonlyMap<string, readonly string[]>, alone: boolean) {
    this.alone = alone;
    this.#memory = memory;
    this.#chains = chains;
    this.conversationIds = [...chains.keys()];
  }

  counts(messageId: string, hash: string): boolean {
    const turn = this.index.get(messageId);
    return (
      turn !== undefined && this.includes(messageId) && this.#memory.hasWords(turn.conversationId, messageId, hash)
    );
  }

  hashOf(messageId: string): string | undefined {
    const turn = this.index.get(messageId);
    return turn && this.includes(messageId) ? this.#memory.hashOf(turn.conversationId, messageId) : undefined;
  }

  turn(messageId: string): Readonly<RecallTurn> | undefined {
    return this.index.get(messageId);
  }

  /** True when the message lies on a path that counts, whatever its words. */
  includes(messageId: string): boolean {
    return this.recall().sees(this.index.slotOf(messageId));
  }

  path(conversationId: string): readonly string[] {
    return this.#chains.get(conversationId) ?? [];
  }

  /** What may be seen, for ranking. */
  recall(): RecallView {
    this.#recall ??= this.#memory.recallView(this.#chains);
    this.#recall.refresh();
    return this.#recall;
  }

  get index(): TurnIndex {
    return this.#memory.index;
  }
}

/** A path is its last message's: where that one is the same and nothing changed, all before it is. */
function isBeginning(short: readonly string[], long: readonly string[]): boolean {
  return short.length <= long.length && (short.length === 0 || long[short.length - 1] === short.at(-1));
}

function sameItems(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
