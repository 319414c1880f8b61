import type { Actor } from '../../../accounts/actor.ts';
import type { Storage } from '../../../storage/storage.ts';
import { deleteApiConversationsOf, listApiConversationItems, listApiConversations } from './api-conversation-store.ts';
import { deleteResponsesOf, listResponses } from './response-store.ts';

/** Responses read at a time. */
const PAGE = 50;

/** A file of what somebody takes along. */
interface KeptFile {
  name: string;
  file: object;
}

/** What was kept of a person's requests to `/v1`: to take along, or to remove for good. */
export class KeptAnswers {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async purgeAllOf(userId: string): Promise<void> {
    await deleteResponsesOf(this.#storage.db, userId);
    await deleteApiConversationsOf(this.#storage.db, userId);
  }

  async *belongings({ userId: ownerId }: Actor): AsyncGenerator<KeptFile> {
    const { db } = this.#storage;
    for (const { id, metadata, createdAt } of await listApiConversations(db, ownerId)) {
      const items = await listApiConversationItems(db, id);
      yield { name: `conversations/${id}`, file: { id, metadata, createdAt, items } };
    }
    for (let afterId: string | null = null; ;) {
      const page = await listResponses(db, { ownerId, afterId, limit: PAGE });
      for (const { response, input } of page) yield { name: `responses/${response.id}`, file: { response, input } };
      afterId = page.at(-1)?.response.id ?? null;
      if (page.length < PAGE) return;
    }
  }
}
