import type { Accounts } from './accounts/accounts.ts';
import { findCharacterBySlug, readCharacter } from './character/character-store.ts';
import type { Conversations } from './features/chat/conversations.ts';
import type { OrderedReplies } from './features/chat/ordered-replies.ts';
import type { PassingTurns } from './features/chat/passing-turns.ts';
import type { Shelves } from './features/library/shelves.ts';
import type { CharacterHouse } from './features/platform/characters/character-house.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { Storage } from './storage/storage.ts';

interface OpenCharacterHouseOptions {
  storage: Storage;
  accounts: Accounts;
  shelves: Shelves;
  passingTurns: PassingTurns;
  orderedReplies: OrderedReplies;
  conversations: Conversations;
  directory: ModelDirectory;
}

/** The house's characters, as developers reach them. */
export function openCharacterHouse({
  storage,
  accounts,
  shelves,
  passingTurns,
  orderedReplies,
  conversations,
  directory,
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
    modelRef: async (actor, id, signal) => {
      const chosen = id === null ? null : (await conversations.require(actor, id)).model;
      return (await directory.resolve(chosen, signal)).ref;
    },
    begin: (actor, request) => orderedReplies.begin(actor, request),
    say: (actor, order) => orderedReplies.say(actor, order),
  };
}
