import type { Locale } from '../../../../contract/common.ts';
import type { Actor } from '../../../accounts/actor.ts';
import { listCharactersByName } from '../../../character/character-names-store.ts';
import { readCharacter } from '../../../character/character-store.ts';
import { readCard } from '../../../character/read-card.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { Arrived, CharacterImporter, Standing, WholeFile } from '../moving-context.ts';

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
  import(actor: Actor, file: WholeFile & { locale: Locale }): Promise<{ character: Arrived }>;
  create(actor: Actor, fields: NamedFields, locale: Locale): Promise<Arrived>;
  restore(actor: Actor, id: string, locale: Locale): Promise<unknown>;
}

/** Characters, by way of the library. */
export function createCardImporter({
  storage,
  library,
}: {
  storage: Storage;
  library: CharacterDoor;
}): CharacterImporter {
  return {
    inspect: ({ bytes, fileName }) => {
      const { name, nickname } = readCard(bytes, fileName).card.data;
      return Promise.resolve({ name: nickname || name });
    },
    find: () => Promise.resolve(null),
    async standing(actor, id): Promise<Standing> {
      const record = await readCharacter(storage.db, { id, userId: actor.userId });
      if (!record) return 'gone';
      return record.deletedAt === null ? 'here' : 'deleted';
    },
    async import(actor, file) {
      const { id, name } = (await library.import(actor, file)).character;
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
