import type { Accounts } from './accounts/accounts.ts';
import { findCharacterBySlug, readCharacter } from './character/character-store.ts';
import type { PassingTurns } from './features/chat/passing-turns.ts';
import type { Shelves } from './features/library/shelves.ts';
import type { CharacterHouse } from './features/platform/characters/character-house.ts';
import type { Storage } from './storage/storage.ts';

interface OpenCharacterHouseOptions {
  storage: Storage;
  accounts: Accounts;
  shelves: Shelves;
  passingTurns: PassingTurns;
}

/** The house's characters, as developers reach them. */
export function openCharacterHouse({
  storage,
  accounts,
  shelves,
  passingTurns,
}: OpenCharacterHouseOptions): CharacterHouse {
  const localeOf = async (userId: string) => (await accounts.people.localeOf(userId)) ?? 'en';
  return {
    list: async (actor) => shelves.listAll({ actor, locale: await localeOf(actor.userId) }),
    find: async ({ userId }, slug) => {
      const id = await findCharacterBySlug(storage.db, { slug, userId });
      const found = id === undefined ? undefined : await readCharacter(storage.db, { id, userId });
      return found && { id: found.id, slug, name: found.version.card.data.name, updatedAt: found.updatedAt };
    },
    plan: (actor, talk) => passingTurns.plan(actor, talk),
  };
}
