import type { Locale } from '../../contract/common.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';

interface ExampleWorld {
  name: string;
  description: string;
  time: string;
  /** By number: what a place lies in, and where one gets from it. */
  places: readonly { name: string; description: string; in?: number; to?: readonly number[] }[];
  residents: readonly { slug: string; place: number; note: string }[];
  facts: readonly { statement: string; about: readonly string[]; place: number }[];
}

const EXAMPLE_WORLDS: Readonly<Record<Locale, ExampleWorld>> = {
  en: {
    name: 'The Grey Coast',
    description: 'Forty miles of rock, fog and tea. The ferry comes on Thursdays, unless it does not.',
    time: '3 18:30',
    places: [
      { name: 'Gull Rock', description: 'A rock with one door and a light.', to: [2] },
      { name: 'The Lamp', description: 'The round room under the light.', in: 0 },
      { name: 'Harbour', description: 'Eleven boats, one crane, no hurry.', to: [3, 4] },
      { name: 'The Long Pier', description: 'Nobody fishes at its end.', to: [4] },
      { name: 'Tin Market', description: 'Open until the rain.', to: [] },
    ],
    residents: [
      { slug: 'mira', place: 1, note: 'Keeps the light.' },
      { slug: 'tomas', place: 2, note: 'Mends what the sea breaks.' },
    ],
    facts: [
      { statement: 'The Long Pier lost its last six planks in the storm.', about: ['The Long Pier'], place: 3 },
      { statement: 'Mira rings the bell by hand when the fog is thick.', about: ['Mira'], place: 0 },
      { statement: 'The ferry does not run on the day after a storm.', about: ['ferry'], place: 2 },
    ],
  },
  'zh-CN': {
    name: '雾河镇',
    description: '河从镇子中间过，雾从河上来。渡船逢四靠岸，有时也不靠。',
    time: '3 18:30',
    places: [
      { name: '老街', description: '青石板，雨天发亮。', to: [2] },
      { name: '甜水铺', description: '灯一直亮着的铺子。', in: 0 },
      { name: '渡口', description: '三条船，一棵柳树。', to: [3, 4] },
      { name: '长桥', description: '桥头的石墩会说话。', to: [4] },
      { name: '山路', description: '走到雾起来为止。', to: [] },
    ],
    residents: [
      { slug: 'yanzi', place: 1, note: '守着铺子和那盏灯。' },
      { slug: 'shidun', place: 3, note: '守了三百年零一个下午。' },
    ],
    facts: [
      { statement: '长桥的最后六块木板在大雨里被冲走了。', about: ['长桥'], place: 3 },
      { statement: '雾大的时候，燕子会在铺子门口多挂一盏灯。', about: ['燕子'], place: 1 },
      { statement: '大雨后的第二天渡船不开。', about: ['渡船'], place: 2 },
    ],
  },
};

/** A world with places, people and facts, and a conversation that happens there; answers the world's id. */
export async function playWorld({ owner }: HouseProcess, locale: Locale): Promise<string> {
  const { name, description, time, places, residents, facts } = EXAMPLE_WORLDS[locale];
  const { characters } = await owner.call('characters', { query: { locale } });
  const find = (slug: string) => characters.find((one) => one.slug === slug);
  const placeId = (place: number) => `place-${place}`;
  const { id } = await owner.call('createWorld', {
    body: {
      name,
      description,
      time,
      places: places.map((place, number) => ({
        id: placeId(number),
        name: place.name,
        description: place.description,
        parentId: place.in === undefined ? null : placeId(place.in),
        connections: (place.to ?? []).map(placeId),
      })),
      residents: residents.map(({ slug, place, note }) => ({
        characterId: find(slug)?.id ?? null,
        name: find(slug)?.name ?? slug,
        placeId: placeId(place),
        note,
      })),
    },
  });
  for (const { statement, about, place } of facts) {
    await owner.call('addWorldFact', {
      params: { id },
      body: { statement, about: [...about], placeId: placeId(place) },
    });
  }
  const characterId = find(residents[0]?.slug ?? '')?.id ?? '';
  await owner.call('createConversation', {
    body: { characterId, locale, scene: { worldId: id, placeId: placeId(1) } },
  });
  return id;
}
