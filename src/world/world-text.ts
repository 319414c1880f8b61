import type { Locale } from '../../contract/common.ts';
import { tellStoryTime } from '../../contract/story-time.ts';
import { placeWithParents } from './world-body.ts';
import type { WorldRecord } from './world-store.ts';

/** UTF-16 units of a description in a prompt; what is longer belongs into the world's lorebook. */
const DESCRIPTION_LENGTH = 4000;
/** Places and people named in one line. */
const MOST_NAMES = 16;

const WORDS = {
  en: {
    world: (name: string) => `The story happens in ${name}.`,
    here: (place: string) => `The place: ${place}.`,
    within: (parents: string) => `It lies in ${parents}.`,
    inside: (names: string) => `In it: ${names}.`,
    nearby: (names: string) => `From here one gets to: ${names}.`,
    usual: (names: string) => `Usually here: ${names}.`,
    time: (time: string) => `The time of the story: ${time}.`,
    comma: ', ',
    note: (note: string) => ` (${note})`,
  },
  'zh-CN': {
    world: (name: string) => `故事发生在${name}。`,
    here: (place: string) => `地点：${place}。`,
    within: (parents: string) => `它位于${parents}。`,
    inside: (names: string) => `其中有：${names}。`,
    nearby: (names: string) => `从这里可以去：${names}。`,
    usual: (names: string) => `通常在这里的有：${names}。`,
    time: (time: string) => `故事里的时间：${time}。`,
    comma: '、',
    note: (note: string) => `（${note}）`,
  },
} as const;

/** What a model is told of where the story happens: the same bytes until place, time or world change. */
export function worldText(
  world: Pick<WorldRecord, 'name' | 'description' | 'time' | 'places' | 'residents'>,
  { placeId, time, locale }: { placeId: string | null; time: string | null; locale: Locale },
): string {
  const words = WORDS[locale];
  const now = tellStoryTime(time ?? world.time, locale);
  return [
    words.world(world.name),
    world.description.trim().slice(0, DESCRIPTION_LENGTH).toWellFormed(),
    ...placeLines(world, { placeId, locale }),
    now === '' ? '' : words.time(now),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function placeLines(
  { places, residents }: Pick<WorldRecord, 'places' | 'residents'>,
  { placeId, locale }: { placeId: string | null; locale: Locale },
): string[] {
  const words = WORDS[locale];
  const [place, ...parents] = placeId === null ? [] : placeWithParents(places, placeId);
  if (!place) return [];
  const list = (names: readonly string[]) => names.slice(0, MOST_NAMES).join(words.comma);
  const namesOf = (chosen: typeof places) => list(chosen.map(({ name }) => name));
  const inside = places.filter(({ parentId }) => parentId === place.id);
  const nearby = places.filter(({ id }) => place.connections.includes(id));
  const usual = residents.filter((resident) => resident.placeId === place.id);
  const described = usual.map(({ name, note }) => `${name}${note.trim() === '' ? '' : words.note(note.trim())}`);
  return [
    words.here(place.name),
    place.description.trim().slice(0, DESCRIPTION_LENGTH).toWellFormed(),
    parents.length === 0 ? '' : words.within(namesOf(parents)),
    inside.length === 0 ? '' : words.inside(namesOf(inside)),
    nearby.length === 0 ? '' : words.nearby(namesOf(nearby)),
    usual.length === 0 ? '' : words.usual(list(described)),
  ];
}
