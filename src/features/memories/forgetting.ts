import type { Forget } from '../../../contract/memory.ts';
import { forgetSchema } from '../../../contract/memory.ts';
import type { Actor } from '../../accounts/actor.ts';
import { NotFoundError } from '../../base/errors.ts';
import { readConversation } from '../../conversation/conversation-store.ts';
import { withdrawHouseTitle } from '../../conversation/conversation-title-store.ts';
import { readMessage, readMessages } from '../../conversation/message-store.ts';
import { textOf } from '../../conversation/tree-types.ts';
import type { Forgotten } from '../../memory/forgotten.ts';
import { listPairConversations } from '../../memory/pair-index-store.ts';
import { listConversationPairs } from '../../memory/pair-seats-store.ts';
import type { Pair } from '../../memory/pair-view.ts';
import { listRemembered, lockMemory, type Remembered } from '../../memory/remembered-store.ts';
import type { Trx } from '../../storage/storage.ts';
import { redactReplies } from '../../turn/redact-replies.ts';
import { forgetSource } from '../../world/world-fact-store.ts';
import type { MemoriesContext } from './memories-context.ts';

type Join = (trx: Trx) => Promise<void>;

/**
 * Forgets really. The row goes with its sources, its dates and its vectors, and in the same transaction the words leave
 * the receipts and kept prompts of every reply that was told them; engines drop the tokens. A reply that is being
 * written finds out when it is committed.
 */
export class Forgetting {
  readonly #context: MemoriesContext;

  constructor(context: MemoriesContext) {
    this.#context = context;
  }

  async fact(actor: Actor, id: string, asked: Forget): Promise<void> {
    const { facts } = this.#context;
    const own = { ownerId: actor.userId, id };
    const fact = await facts.read(own);
    const { scope, never } = forgetSchema.parse(asked);
    await this.item(actor, {
      pair: fact,
      payload: { factId: id, scope, never },
      work: (join) => facts.forget({ ...own, scope, never, join }),
    });
  }

  /**
   * The message stays in its conversation; it is neither recalled nor read for facts any more, be it a character's or a
   * world's. `of`: whose it must be.
   */
  async message(actor: Actor, messageId: string, of?: Pair): Promise<void> {
    const { storage, facts } = this.#context;
    const node = await readMessage(storage.db, messageId);
    const conversation =
      node && (await readConversation(storage.db, { id: node.conversationId, ownerId: actor.userId }));
    const pairs = conversation ? await listConversationPairs(storage.db, conversation.id) : [];
    const theirs = pairs.filter(({ characterId }) => of === undefined || characterId === of.characterId);
    if (!conversation || conversation.deletedAt !== null || theirs.length === 0) {
      throw new NotFoundError('There is no such message.', of && { field: 'messageId' });
    }
    for (const pair of theirs) {
      await this.item(actor, {
        pair,
        payload: { messageId },
        work: (join) =>
          facts.forgetMessage(pair, messageId, async (trx) => {
            await join(trx);
            await forgetSource(trx, messageId);
            await withdrawHouseTitle(trx, conversation.id);
          }),
      });
    }
  }

  /** Anything else of a pair's memory: `work` removes it, and gives `join` the transaction in which it does. */
  async item(
    actor: Actor,
    {
      pair: { ownerId, characterId },
      payload,
      work,
    }: {
      pair: Pair;
      payload: Record<string, string | boolean>;
      work: (join: Join) => Promise<unknown>;
    },
  ): Promise<void> {
    const { storage, events, engineMemory } = this.#context;
    const pair = { ownerId, characterId };
    const before = await listRemembered(storage.db, pair);
    let touched: string[] = [];
    await work(async (trx) => {
      await lockMemory(trx, characterId);
      const forgotten = await whatWent(trx, pair, before);
      touched = await redactReplies(trx, { pair, forgotten });
      // Prompts that were only prepared tell summaries too.
      if ([...forgotten.items.keys()].some((id) => before.summaries.has(id))) {
        touched = (await listPairConversations(trx, pair)).map(({ id }) => id);
      }
      await events.append(trx, { type: 'memory-forget', actorId: actor.userId, subjectId: characterId, payload });
    });
    for (const conversationId of touched) await engineMemory.forget(conversationId);
  }
}

async function whatWent(trx: Trx, pair: Pair, before: Remembered): Promise<Forgotten> {
  const after = await listRemembered(trx, pair);
  const forbidden = [...after.forbidden].filter((id) => !before.forbidden.has(id));
  const messages = await readMessages(trx, forbidden);
  return {
    items: new Map([...before.items].filter(([id]) => !after.items.has(id))),
    messages: new Map(messages.map(({ id, parts }) => [id, textOf(parts)])),
    conversationIds: new Set(),
  };
}
