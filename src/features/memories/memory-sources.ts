import type { MemorySourceList } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { textOf, type ConversationRecord, type MessageNode } from '../../conversation/tree-types.ts';
import { clip, oneLine } from '../../memory/excerpt.ts';
import { witnesses } from '../../conversation/stage.ts';
import type { LivingView } from '../../memory/pair-memory.ts';
import { readPairSeats, type PairSeats } from '../../memory/pair-seats-store.ts';
import type { MemoriesContext } from './memories-context.ts';
import { presentSource } from './present-facts.ts';

/** Characters of a turn beside a source. */
const BESIDE_LENGTH = 240;

type Source = MemorySourceList['sources'][number];

/** Messages that memories rest on, with the turns around them. */
export class MemorySources {
  readonly #context: Pick<MemoriesContext, 'storage' | 'memories'>;

  constructor(context: Pick<MemoriesContext, 'storage' | 'memories'>) {
    this.#context = context;
  }

  /** Those of the messages that are the person's, in the order asked for; others are left out without a word. */
  async read(actor: Actor, ids: readonly string[]): Promise<MemorySourceList> {
    const { db } = this.#context.storage;
    const nodes = new Map((await readMessages(db, ids)).map((node) => [node.id, node]));
    const besides = [...nodes.values()].flatMap(({ parentId, activeChildId }) => [parentId, activeChildId]);
    const around = await readMessages(db, [...new Set(besides.filter((id) => id !== null))]);
    const neighbours = new Map(around.map((node) => [node.id, node]));
    const conversations = new Map<string, ConversationRecord | undefined>();
    const views = new Map<string, LivingView>();
    const seats = new Map<string, PairSeats>();
    const sources: Source[] = [];
    for (const id of new Set(ids)) {
      const node = nodes.get(id);
      if (!node) continue;
      const { conversationId } = node;
      if (!conversations.has(conversationId)) {
        conversations.set(conversationId, await readConversation(db, { id: conversationId, ownerId: actor.userId }));
      }
      const conversation = conversations.get(conversationId);
      if (!conversation || conversation.deletedAt !== null) continue;
      const seat = seats.get(conversationId) ?? (await readPairSeats(db, { ...conversation, conversationId }));
      seats.set(conversationId, seat);
      const hears = (other: MessageNode) => seat.person === null || witnesses(other, seat.person);
      if (!hears(node)) continue;
      const view = views.get(conversationId) ?? (await this.#view(conversation));
      views.set(conversationId, view);
      sources.push({
        ...presentSource(node, { words: [], present: view.includes(id) }),
        before: beside(neighbours.get(node.parentId ?? ''), hears),
        after: beside(neighbours.get(node.activeChildId ?? ''), hears),
      });
    }
    return { sources };
  }

  /** From the conversation itself: a private one is on its own path too. */
  #view({ id, ownerId, characterId, leafId }: ConversationRecord): Promise<LivingView> {
    return this.#context.memories.view({ ownerId, characterId }, { conversationId: id, endId: leafId });
  }
}

function beside(node: MessageNode | undefined, hears: (node: MessageNode) => boolean): Source['before'] {
  if (!node || !hears(node) || node.deletedAt !== null || node.hidden || node.state === 'streaming') return null;
  const excerpt = clip(oneLine(textOf(node.parts)), BESIDE_LENGTH);
  return { messageId: node.id, speaker: node.author.name, byHuman: node.author.kind === 'human', excerpt };
}
