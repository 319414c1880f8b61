import type { StoredCard } from '../../src/character/card.ts';
import { indexOwnTags } from '../../src/character/character-index-store.ts';
import { insertCharacter } from '../../src/character/character-store.ts';
import { insertFolder } from '../../src/character/folder-store.ts';
import { setMark } from '../../src/character/mark-store.ts';
import type { NewId } from '../../src/base/ids.ts';
import type { Storage, Trx } from '../../src/storage/storage.ts';

const CHARACTERS_AT_ONCE = 200;
const TAGS = Array.from({ length: 120 }, (_, index) => `tag ${index}`);
const ENGLISH = 'lantern harbour fog clock violin garden winter letter train copper orchard lighthouse'.split(' ');
const CHINESE = ['咖啡', '北京', '夜晚', '灯塔', '列车', '花园', '信件', '雨天', '旧书', '海港', '钟表', '冬天'];
const SURNAMES = [...new Intl.Segmenter('zh').segment('王李张刘陈杨赵黄周吴徐孙')].map(({ segment }) => segment);

/** Words as descriptions have them: some thousand characters, different for each. */
function passage(words: readonly string[], seed: number, length: number): string {
  return Array.from({ length }, (_, index) => words[(seed * 7 + index * (1 + (seed % 5))) % words.length]).join(' ');
}

function cardOf(index: number): StoredCard {
  const isChinese = index % 2 === 1;
  const words = isChinese ? CHINESE : ENGLISH;
  const name = isChinese
    ? `${SURNAMES[index % SURNAMES.length]}${CHINESE[(index * 5) % CHINESE.length]}${index}`
    : `${ENGLISH[index % ENGLISH.length]} ${ENGLISH[(index * 5) % ENGLISH.length]} ${index}`;
  return {
    spec: 'chara_card_v3',
    spec_version: '3.0',
    data: {
      name,
      description: passage(words, index, 250),
      personality: passage(words, index + 1, 40),
      first_mes: passage(words, index + 2, 80),
      mes_example: passage(words, index + 3, 80),
      tags: Array.from({ length: 6 }, (_, place) => TAGS[(index * (place + 1)) % TAGS.length]),
      creator: `maker ${index % 90}`,
      extensions: { everwith: { tagline: passage(words, index, 6) } },
      ...(index % 4 === 0 && { character_book: { entries: [{ keys: ['reef'], content: passage(words, index, 30) }] } }),
    },
  };
}

export interface SeededLibrary {
  userId: string;
  folderId: string;
}

/** A library as a collector has it: two languages, tags, a folder, favourites, some thousand conversations. */
export async function seedLibrary(storage: Storage, { newId, count }: { newId: NewId; count: number }) {
  const seeded: SeededLibrary = { userId: newId(), folderId: newId() };
  const folder = { id: seeded.folderId, ownerId: seeded.userId, name: 'Harbour', position: 0, createdAt: 1 };
  await storage.transaction((trx) => insertFolder(trx, folder));
  for (let from = 0; from < count; from += CHARACTERS_AT_ONCE) {
    await storage.transaction(async (trx) => {
      for (let index = from; index < Math.min(count, from + CHARACTERS_AT_ONCE); index += 1) {
        await seedCharacter(trx, { ...seeded, newId, index });
      }
    });
  }
  return seeded;
}

async function seedCharacter(
  trx: Trx,
  { userId, folderId, newId, index }: SeededLibrary & { newId: NewId; index: number },
): Promise<void> {
  const id = newId();
  const now = index + 1;
  const version = { id: newId(), card: cardOf(index), contentHash: `hash-${index}`, pictureHash: null, now };
  await insertCharacter(trx, { id, ownerId: userId, slug: `character-${index}`, now }, version);
  const tags = index % 10 === 0 ? ['mine'] : [];
  await setMark(
    trx,
    { userId, characterId: id },
    {
      favourite: index % 12 === 0,
      folderId: index % 7 === 0 ? folderId : null,
      tags,
      lastUsedAt: (index * 37) % 10_007,
    },
  );
  if (tags.length > 0) await indexOwnTags(trx, { userId, characterId: id, tags });
  if (index % 4 > 0) return;
  await trx
    .insertInto('conversation')
    .values({
      id: newId(),
      ownerId: userId,
      characterId: id,
      characterVersionId: version.id,
      locale: 'en',
      title: null,
      leafId: null,
      revision: 0,
      messageCount: index % 50,
      preview: '',
      model: null,
      preset: 'model',
      clientId: null,
      personaId: null,
      promptPresetId: null,
      authorsNote: null,
      foreign: null,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    })
    .execute();
}
