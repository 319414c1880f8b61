import type { Character, CharacterSummary } from '../../contract/characters.ts';
import type { Locale } from '../../contract/common.ts';
import { cardLocales, localizeCard } from './card.ts';
import type { CharacterRecord } from './character-store.ts';

/** A character as a person sees it in one language. */
export function presentCharacterSummary(
  record: CharacterRecord,
  { locale, userId }: { locale: Locale; userId: string },
): CharacterSummary {
  const text = localizeCard(record.version.card, locale);
  return {
    id: record.id,
    slug: record.slug,
    kind: text.kind,
    versionId: record.version.id,
    name: text.name,
    tagline: text.tagline,
    pictureUrl: record.version.pictureHash === null ? null : `/api/assets/${record.version.pictureHash}`,
    pictureAlt: text.alt,
    locales: cardLocales(record.version.card),
    starter: record.ownerId === null,
    mine: record.ownerId === userId,
    tags: text.tags,
    updatedAt: record.updatedAt,
  };
}

/** Card parts that are kept through every version but not used by this release. */
const UNUSED_PARTS: readonly string[] = ['group_only_greetings'];

export function presentCharacter(record: CharacterRecord, reader: { locale: Locale; userId: string }): Character {
  const text = localizeCard(record.version.card, reader.locale);
  const { data } = record.version.card;
  return {
    ...presentCharacterSummary(record, reader),
    description: text.description,
    personality: text.personality,
    scenario: text.scenario,
    greetings: text.greetings,
    exampleDialogue: text.exampleDialogue,
    creatorNotes: text.creatorNotes,
    creator: data.creator,
    version: record.version.number,
    keptUnused: UNUSED_PARTS.filter((part) => isFilled(data[part])),
  };
}

function isFilled(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return !(Array.isArray(value) && value.length === 0);
}
