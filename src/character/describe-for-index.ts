import { characterKindSchema } from '../../contract/character-fields.ts';
import { z } from 'zod';
import { localeSchema, type Locale } from '../../contract/common.ts';
import { toSearchText } from '../storage/search/search-text.ts';
import { cardLocales, everwithExtension, localizeCard, type Card } from './card.ts';
import { nameKey } from './name-key.ts';

/** Raised when the rows below change their form; those of an older one are made again at the next start. */
export const INDEX_FORMAT = 2;
/** Longest text searched in per character, in UTF-16 units of the folded text. */
const INDEXED_LENGTH = 20_000;
/** Tags of one card that are filtered by, and the length of one; more is kept in the card. */
const INDEXED_TAGS = 100;
const TAG_LENGTH = 60;
const TAGLINE_LENGTH = 400;

export const indexedSummarySchema = z.object({
  kind: characterKindSchema.default('character'),
  name: z.string(),
  tagline: z.string(),
  alt: z.string(),
  tags: z.array(z.string()),
});
type IndexedSummary = z.infer<typeof indexedSummarySchema>;

export interface IndexedTag {
  /** Empty where it is the same in every language. */
  locale: Locale | '';
  key: string;
  label: string;
}

/** What the library's list and search know of a card. */
export interface IndexedCard {
  hasLore: boolean;
  nameKeyEn: string;
  nameKeyZh: string;
  names: string;
  words: string;
  locales: Locale[];
  summaryEn: IndexedSummary;
  summaryZh: IndexedSummary;
  tags: IndexedTag[];
}

const bookSchema = z.looseObject({ entries: z.array(z.unknown()).min(1) });

export function describeForIndex(card: Card): IndexedCard {
  const texts = { en: localizeCard(card, 'en'), 'zh-CN': localizeCard(card, 'zh-CN') };
  const summary = (locale: Locale): IndexedSummary => ({
    kind: texts[locale].kind,
    name: texts[locale].name,
    tagline: texts[locale].tagline.slice(0, TAGLINE_LENGTH),
    alt: texts[locale].alt.slice(0, TAGLINE_LENGTH),
    tags: shownTags(texts[locale].tags),
  });
  const names = [card.data.name, card.data.nickname, texts.en.name, texts['zh-CN'].name, ...localeNames(card)];
  const both = [texts.en, texts['zh-CN']];
  const searched = [
    ...names,
    ...both.flatMap(({ tagline, tags }) => [tagline, ...tags.slice(0, INDEXED_TAGS)]),
    card.data.creator,
    ...both.map(({ description }) => description),
  ];
  const folded = [...new Set(searched)].map((text) => toSearchText(text.slice(0, INDEXED_LENGTH)));
  return {
    hasLore: bookSchema.safeParse(card.data['character_book']).success,
    nameKeyEn: nameKey(texts.en.name, 'en'),
    nameKeyZh: nameKey(texts['zh-CN'].name, 'zh-CN'),
    names: foldedLines(names),
    words: folded.filter(Boolean).join(' ').slice(0, INDEXED_LENGTH),
    locales: cardLocales(card),
    summaryEn: summary('en'),
    summaryZh: summary('zh-CN'),
    tags: indexedTags(shownTags(texts.en.tags), shownTags(texts['zh-CN'].tags)),
  };
}

/** Equal tags have equal keys, whoever wrote them; null for what is no tag. */
export function tagKey(label: string): string | null {
  const words = toSearchText(label);
  if (words !== '') return words;
  const signs = label.normalize('NFKC').replaceAll(',', '').trim();
  return signs === '' ? null : signs;
}

/** A space in front of every line: a word's beginning is then found as ` word`. */
function foldedLines(names: readonly string[]): string {
  const lines = [...new Set(names.map(toSearchText))].filter(Boolean);
  return lines.map((line) => ` ${line}`).join('\n');
}

function localeNames(card: Card): string[] {
  const { locales = {} } = everwithExtension(card);
  return localeSchema.options.flatMap((locale) => [locales[locale]?.name ?? '', locales[locale]?.nickname ?? '']);
}

function shownTags(tags: readonly string[]): string[] {
  const shown = tags.map((tag) => tag.replaceAll(',', ' ').trim().slice(0, TAG_LENGTH).toWellFormed());
  return [...new Set(shown)].filter(Boolean).slice(0, INDEXED_TAGS);
}

function indexedTags(english: readonly string[], chinese: readonly string[]): IndexedTag[] {
  const same = english.length === chinese.length && english.every((tag, index) => tag === chinese[index]);
  const listed = same
    ? english.map((label) => ({ locale: '' as const, label }))
    : [
        ...english.map((label) => ({ locale: 'en' as const, label })),
        ...chinese.map((label) => ({ locale: 'zh-CN' as const, label })),
      ];
  const tags = new Map<string, IndexedTag>();
  for (const { locale, label } of listed) {
    const key = tagKey(label);
    if (key !== null && !tags.has(`${locale}:${key}`)) tags.set(`${locale}:${key}`, { locale, key, label });
  }
  return [...tags.values()];
}
