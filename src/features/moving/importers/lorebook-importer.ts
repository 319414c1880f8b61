import type { Locale } from '../../../../contract/common.ts';
import type { LorebookBody, LoreTarget } from '../../../../contract/lore.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { findLorebookByContent, lorebookHash, readLorebookRecord } from '../../../character/lorebook-store.ts';
import { readLorebook } from '../../../lore/formats/read-lorebook.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { Arrived, LorebookImporter, WholeFile } from '../moving-context.ts';

/** What moving in needs of the lorebooks. */
export interface BookDoor {
  create(actor: Actor, body: LorebookBody, locale: Locale): Promise<Arrived>;
  restore(actor: Actor, id: string, locale: Locale): Promise<unknown>;
  link(actor: Actor, id: string, options: { target: LoreTarget; locale: Locale }): Promise<unknown>;
}

/** Lorebooks, by way of their feature. */
export function createLorebookImporter({ storage, books }: { storage: Storage; books: BookDoor }): LorebookImporter {
  return {
    inspect: (file) => Promise.resolve({ name: bodyOf(file).name }),
    async find(actor, file) {
      const contentHash = lorebookHash(bodyOf(file));
      return (await findLorebookByContent(storage.db, { ownerId: actor.userId, contentHash })) ?? null;
    },
    async standing(actor, id) {
      const record = await readLorebookRecord(storage.db, { id, ownerId: actor.userId });
      if (!record) return 'gone';
      return record.deletedAt === null ? 'here' : 'deleted';
    },
    async import(actor, file) {
      const { id, name } = await books.create(actor, bodyOf(file), file.locale);
      return { id, name };
    },
    async restore(actor, id) {
      await books.restore(actor, id, 'en');
    },
    async link(actor, id, target) {
      await books.link(actor, id, { target, locale: 'en' });
    },
  };
}

/** SillyTavern names its books by their files. */
function bodyOf({ fileName, bytes }: WholeFile): LorebookBody {
  const { body } = readLorebook(bytes, fileName);
  return body.name === '' ? { ...body, name: fileName.replace(/\.[^.]+$/, '').slice(0, 200) } : body;
}
