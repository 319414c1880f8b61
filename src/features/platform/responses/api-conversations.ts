import type { ConversationView } from '../../../../contract/openai/conversations.ts';
import type { ItemPage, StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ListItemsQuery, ResponseInputItem } from '../../../../contract/openai/responses.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError, NotFoundError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { Storage } from '../../../storage/storage.ts';
import {
  deleteApiConversation,
  deleteApiConversationItem,
  insertApiConversation,
  insertApiConversationItems,
  listApiConversationItems,
  readApiConversation,
  updateApiConversation,
  type ApiConversation,
} from './api-conversation-store.ts';
import { toStoredItems } from './input-items.ts';
import { pageOfItems } from './item-page.ts';

interface OwnConversation {
  actor: Actor;
  id: string;
}

/** `/v1/conversations`: what was said, to be answered by responses that name it. */
export class ApiConversations {
  readonly #context: { storage: Storage; clock: Clock; newId: NewId };

  constructor(context: { storage: Storage; clock: Clock; newId: NewId }) {
    this.#context = context;
  }

  async create(
    { userId: ownerId }: Actor,
    { metadata, items }: { metadata: Record<string, string>; items: readonly ResponseInputItem[] },
  ): Promise<ConversationView> {
    const { storage, clock, newId } = this.#context;
    const stored = toStoredItems([...items], { newId, ownerId });
    const id = `conv_${newId().replaceAll('-', '')}`;
    const conversation: ApiConversation = { id, ownerId, metadata, conversationId: null, createdAt: clock.now() };
    await storage.transaction(async (trx) => {
      await insertApiConversation(trx, conversation);
      await insertApiConversationItems(trx, this.#placed(id, stored));
    });
    return present(conversation);
  }

  async read(own: OwnConversation): Promise<ConversationView> {
    return present(await this.#require(own));
  }

  async update(own: OwnConversation, metadata: Record<string, string>): Promise<ConversationView> {
    const conversation = await this.#require(own);
    await updateApiConversation(this.#context.storage.db, own.id, { metadata });
    return present({ ...conversation, metadata });
  }

  /** What a character said in it stays in the conversation of the house. */
  async delete({ actor, id }: OwnConversation): Promise<void> {
    if (await deleteApiConversation(this.#context.storage.db, { id, ownerId: actor.userId })) return;
    throw missing(id);
  }

  async items(own: OwnConversation, query: ListItemsQuery): Promise<ItemPage> {
    await this.#require(own);
    return pageOfItems(await listApiConversationItems(this.#context.storage.db, own.id), query);
  }

  async add(own: OwnConversation, items: readonly ResponseInputItem[]): Promise<ItemPage> {
    const { conversationId } = await this.#require(own);
    if (conversationId !== null) {
      throw new InvalidInputError(
        'A character holds this conversation, and the house keeps it: say something with a response that names it.',
        { code: 'unsupported', field: 'items' },
      );
    }
    const { storage, newId } = this.#context;
    const stored = toStoredItems([...items], { newId, ownerId: own.actor.userId });
    await insertApiConversationItems(storage.db, this.#placed(own.id, stored));
    return pageOfItems(stored, { order: 'asc', limit: stored.length });
  }

  async item(own: OwnConversation, itemId: string): Promise<StoredItem> {
    await this.#require(own);
    const items = await listApiConversationItems(this.#context.storage.db, own.id);
    const found = items.find(({ id }) => id === itemId);
    if (found) return found;
    throw new NotFoundError(`There is no item “${itemId.slice(0, 100)}” here.`, { code: 'item-not-found' });
  }

  async deleteItem(own: OwnConversation, itemId: string): Promise<ConversationView> {
    const conversation = await this.#require(own);
    const sought = { apiConversationId: own.id, id: itemId };
    if (await deleteApiConversationItem(this.#context.storage.db, sought)) return present(conversation);
    throw new NotFoundError(`There is no item “${itemId.slice(0, 100)}” here.`, { code: 'item-not-found' });
  }

  #placed(apiConversationId: string, items: readonly StoredItem[]) {
    const { newId, clock } = this.#context;
    return { apiConversationId, items, places: items.map(() => newId()), now: clock.now() };
  }

  async #require({ actor, id }: OwnConversation): Promise<ApiConversation> {
    const found = await readApiConversation(this.#context.storage.db, { id, ownerId: actor.userId });
    if (found) return found;
    throw missing(id);
  }
}

function missing(id: string): NotFoundError {
  return new NotFoundError(`There is no conversation “${id.slice(0, 100)}”.`, { code: 'conversation-not-found' });
}

function present({ id, metadata, createdAt }: ApiConversation): ConversationView {
  return { id, object: 'conversation', metadata, created_at: Math.floor(createdAt / 1000) };
}
