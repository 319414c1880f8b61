import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseObject } from '../../../../contract/openai/response-object.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { WebhookOutbox } from '../webhooks/webhook-outbox.ts';
import { addToConversation } from './add-to-conversation.ts';
import { itemsOf, type ResponseHistory } from './response-history.ts';
import { insertResponse, updateResponse } from './response-store.ts';
import { tellOfResponse } from './tell-of-response.ts';

/** How often a growing response is kept, milliseconds: a crash costs no more of its words. */
const CHECKPOINT_IN_MS = 1000;

export interface KeepingContext {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  /** Tells of responses in the background that have ended. */
  outbox: WebhookOutbox;
}

/** Whose response it is, and what it answers. */
export interface KeptRequest {
  actor: Actor;
  history: ResponseHistory;
  input: StoredItem[];
}

/** Where a character answers. */
export interface AnswerPlace {
  conversationId: string | null;
  messageId: string | null;
}

const NOWHERE: AnswerPlace = { conversationId: null, messageId: null };

/** Keeps one response: when it begins, while it grows, and at its end with the conversation that it belongs to. */
export class ResponseKeeper {
  readonly #context: KeepingContext;
  readonly #request: KeptRequest;
  #keptAt: number;

  constructor(context: KeepingContext, request: KeptRequest) {
    this.#context = context;
    this.#request = request;
    this.#keptAt = context.clock.monotonic();
  }

  /** For the first time. */
  async begin(response: ResponseObject, place = NOWHERE): Promise<void> {
    if (!response.store) return;
    const { actor, input } = this.#request;
    const row = { response, ownerId: actor.userId, input, events: null, ...place };
    await insertResponse(this.#context.storage.db, row, this.#context.clock.now());
  }

  /** While it grows. */
  async checkpoint(response: ResponseObject): Promise<void> {
    const { clock, storage } = this.#context;
    if (!response.store || clock.monotonic() - this.#keptAt < CHECKPOINT_IN_MS) return;
    this.#keptAt = clock.monotonic();
    await updateResponse(storage.db, response);
  }

  /** What was said joins the conversation in the transaction that ends the response. `greeting`: what was said before. */
  async end(
    response: ResponseObject,
    { place = NOWHERE, greeting = [] }: { place?: AnswerPlace; greeting?: readonly StoredItem[] } = {},
  ): Promise<void> {
    const { storage, clock, newId, outbox } = this.#context;
    const { history, input, actor } = this.#request;
    const apiConversationId = history.conversation?.id ?? null;
    const isSaid = response.status === 'completed' || response.status === 'incomplete';
    if (!response.store && (apiConversationId === null || !isSaid)) return;
    await storage.transaction(async (trx) => {
      if (response.store) await updateResponse(trx, response, place);
      if (response.background) await tellOfResponse(outbox, trx, { response, ownerId: actor.userId });
      if (apiConversationId === null || !isSaid) return;
      const items = [...greeting, ...input, ...itemsOf(response.output)];
      const { conversationId } = place;
      const said = { apiConversationId, ownerId: actor.userId, conversationId, items, newId, now: clock.now() };
      await addToConversation(trx, said);
    });
  }
}
