import type { Accounts } from './accounts/accounts.ts';
import {
  findCharacterBySlug,
  findVersionId,
  readCharacter,
  readCharacterVersion,
} from './character/character-store.ts';
import type { Attachments } from './features/attachments/attachments.ts';
import type { Conversations } from './features/chat/conversations.ts';
import type { OrderedReplies } from './features/chat/ordered-replies.ts';
import type { PassingTurns } from './features/chat/passing-turns.ts';
import type { Shelves } from './features/library/shelves.ts';
import type { CharacterHouse, SentFile } from './features/platform/characters/character-house.ts';
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
  attachments: Pick<Attachments, 'keep'>;
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
  attachments,
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
    findVersion: async ({ characterId, name }) => {
      if (/^\d{1,9}$/.test(name)) return findVersionId(storage.db, { characterId, number: Number(name) });
      return (await readCharacterVersion(storage.db, name))?.id === characterId ? name : undefined;
    },
    answering: async (actor, id, signal) => {
      const conversation = id === null ? null : await conversations.require(actor, id);
      const { ref, label, seesPictures, tools } = await directory.resolve(conversation?.model ?? null, signal);
      const versionId = conversation?.characterVersionId ?? null;
      return { ref, label, seesPictures: seesPictures === true, tools: tools !== undefined, versionId };
    },
    begin: (actor, request) => orderedReplies.begin(actor, request),
    say: (actor, { files, ...order }) => {
      const { conversationId, signal } = order;
      const keep = ({ name, bytes }: SentFile) =>
        attachments.keep(actor, { conversationId, name, alt: '', bytes, signal });
      const attach = async () => {
        const ids: string[] = [];
        for (const file of files) ids.push((await keep(file)).id);
        return ids;
      };
      return orderedReplies.say(actor, { ...order, attach: files.length === 0 ? null : attach });
    },
  };
}
