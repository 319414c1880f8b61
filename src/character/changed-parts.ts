import { isDeepStrictEqual } from 'node:util';
import type { CardPart } from '../../contract/library.ts';
import type { Card } from './card.ts';

/** The fields of a card's data that a part of the page stands for. */
const PARTS: Record<Exclude<CardPart, 'picture' | 'tagline' | 'other'>, readonly string[]> = {
  name: ['name', 'nickname'],
  description: ['description'],
  personality: ['personality'],
  scenario: ['scenario'],
  greetings: ['first_mes', 'alternate_greetings', 'group_only_greetings'],
  examples: ['mes_example'],
  instructions: ['system_prompt', 'post_history_instructions'],
  notes: ['creator_notes', 'creator_notes_multilingual', 'creator', 'character_version'],
  tags: ['tags'],
  lore: ['character_book'],
};
/** Written by every save. */
const IGNORED = new Set(['modification_date']);

export interface ComparedVersion {
  card: Card;
  pictureHash: string | null;
}

/** What differs between two versions of a character, in the order of the page. */
export function changedParts(before: ComparedVersion, after: ComparedVersion): CardPart[] {
  const differs = (key: string) => !isDeepStrictEqual(before.card.data[key], after.card.data[key]);
  const changed = new Set<CardPart>();
  for (const [part, keys] of Object.entries(PARTS)) if (keys.some(differs)) changed.add(part as CardPart);
  if (before.pictureHash !== after.pictureHash) changed.add('picture');
  const known = new Set(Object.values(PARTS).flat());
  const [old, now] = [everwithOf(before.card), everwithOf(after.card)];
  if (old['tagline'] !== now['tagline']) changed.add('tagline');
  const keys = new Set([...Object.keys(before.card.data), ...Object.keys(after.card.data)]);
  const others = [...keys].filter((key) => !known.has(key) && !IGNORED.has(key) && key !== 'extensions');
  const hasOther =
    others.some(differs) || !isDeepStrictEqual(otherExtensions(before.card), otherExtensions(after.card));
  if (hasOther) changed.add('other');
  return [...changed];
}

function everwithOf(card: Card): Record<string, unknown> {
  const own = card.data.extensions['everwith'];
  return typeof own === 'object' && own !== null ? { ...own } : {};
}

function otherExtensions(card: Card): unknown {
  const { tagline: _tagline, ...everwith } = everwithOf(card);
  return { ...card.data.extensions, everwith };
}
