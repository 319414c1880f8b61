import type { Actor } from '../../accounts/actor.ts';
import { listConversationFolders } from '../../conversation/conversation-folder-store.ts';
import { listConversationMarks, purgeConversationMarks } from '../../conversation/conversation-mark-store.ts';
import { listLooks, purgeLooks } from '../../conversation/look-store.ts';
import type { Storage } from '../../storage/storage.ts';

/** Everything that one person put in order: to take along, or to remove for good. */
export class OrganisedBelongings {
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async belongings({ userId }: Actor): Promise<object | null> {
    const { db } = this.#storage;
    const folders = await listConversationFolders(db, userId);
    const marks = await listConversationMarks(db, userId);
    const looks = await listLooks(db, userId);
    if (folders.length + marks.length + looks.length === 0) return null;
    return {
      folders: folders.map(({ ownerId: _owner, ...folder }) => folder),
      marks: marks.map(({ seenAt: _seen, ...mark }) => mark),
      looks,
    };
  }

  async purgeAllOf(userId: string): Promise<void> {
    await this.#storage.transaction(async (trx) => {
      await purgeConversationMarks(trx, userId);
      await purgeLooks(trx, userId);
    });
  }
}
