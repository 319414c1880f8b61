import type { Locale } from '../../../../contract/common.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { listCharactersByName } from '../../../character/character-names-store.ts';
import { readCharacter } from '../../../character/character-store.ts';
import { viewCard } from '../../../character/card.ts';
import { readCardFile } from '../../../character/formats/read-card-file.ts';
import { asText, isObject } from '../../../conversation/exchange/safe-json.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { Arrived, CharacterImporter, Standing } from '../moving-context.ts';

interface NamedFields {
  name: string;
  tagline: string;
  description: string;
  personality: string;
  scenario: string;
  greeting: string;
  exampleDialogue: string;
  picture: null;
}

/** What moving in needs of the library. */
export interface CharacterDoor {
  create(actor: Actor, fields: NamedFields, locale: Locale): Promise<Arrived>;
  restore(actor: Actor, id: string, locale: Locale): Promise<unknown>;
}

/** The library's way for card files. */
export interface CardDoor {
  fromBytes(
    actor: Actor,
    bytes: Uint8Array,
    options: { fileName: string; keepBoth: boolean; locale: Locale; signal: AbortSignal },
  ): Promise<{ character: Arrived }>;
}

/** Characters, by way of the library. */
export function createCardImporter({
  storage,
  library,
  cards,
}: {
  storage: Storage;
  library: CharacterDoor;
  cards: CardDoor;
}): CharacterImporter {
  return {
    inspect: async ({ bytes, fileName }) => {
      const { card } = await readCardFile(bytes, fileName);
      const { name, extensions, character_book: own } = viewCard(card).data;
      // A card that carries its book carries a copy of the one it is linked to.
      const book = isObject(own) ? '' : asText(extensions['world']);
      return { name, ...(book === '' ? {} : { book }) };
    },
    find: () => Promise.resolve(null),
    async standing(actor, id): Promise<Standing> {
      const record = await readCharacter(storage.db, { id, userId: actor.userId });
      if (!record) return 'gone';
      return record.deletedAt === null ? 'here' : 'deleted';
    },
    async import(actor, file) {
      const { bytes, fileName, locale } = file;
      const options = { fileName, locale, keepBoth: false, signal: new AbortController().signal };
      const { id, name } = (await cards.fromBytes(actor, bytes, options)).character;
      return { id, name };
    },
    async restore(actor, id) {
      await library.restore(actor, id, 'en');
    },
    byName: (actor) => listCharactersByName(storage.db, actor.userId),
    async createNamed(actor, { name, tagline, locale }) {
      const nothing = { description: '', personality: '', scenario: '', greeting: '', exampleDialogue: '' };
      const created = await library.create(actor, { name, tagline, ...nothing, picture: null }, locale);
      return { id: created.id, name: created.name };
    },
  };
}
