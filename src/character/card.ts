import { z } from 'zod';
import type { Locale } from '../../contract/common.ts';
import { characterKindSchema, type CharacterKind } from '../../contract/character-fields.ts';
import { cleanText } from '../../contract/common.ts';

/**
 * What stands where a text belongs: numbers and flags are read as text, anything else as nothing. Cards are written
 * by many programs, and one odd field is no reason to refuse a character.
 */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** A list of texts; one text with commas is read as a list. */
function asTextList(value: unknown): string[] {
  if (Array.isArray(value)) return value.filter((item) => item === '' || asText(item) !== '').map(asText);
  const text = asText(value);
  return text === '' ? [] : text.split(',').map((part) => part.trim());
}

/** Text of a card; missing and null become empty, as every reader of these files does. */
const cardText = z
  .unknown()
  .optional()
  .transform(asText)
  .pipe(z.string().max(1_000_000))
  .transform((text) => cleanText(text));

const textList = z
  .unknown()
  .optional()
  .transform(asTextList)
  .pipe(z.array(z.string().max(1_000_000)).max(1000))
  .transform((list) => list.map(cleanText));

/** The longest name a character may have, in UTF-16 units. */
const NAME_LENGTH = 500;

const nameText = z
  .unknown()
  .optional()
  .transform(asText)
  .pipe(z.string().max(NAME_LENGTH))
  .transform((text) => cleanText(text).trim());

const plainText = z.string().max(1_000_000).transform(cleanText);
const plainName = z
  .string()
  .max(NAME_LENGTH)
  .transform((text) => cleanText(text).trim());

const localeTextSchema = z
  .looseObject({
    name: plainName,
    nickname: plainName,
    tagline: plainText,
    alt: plainText,
    description: plainText,
    personality: plainText,
    scenario: plainText,
    first_mes: plainText,
    alternate_greetings: z.array(plainText).max(1000),
    mes_example: plainText,
    creator_notes: plainText,
    tags: z.array(plainText).max(1000),
    system_prompt: plainText,
    post_history_instructions: plainText,
  })
  .partial();

const everwithExtensionSchema = z.looseObject({
  slug: z.string().optional(),
  originalLocale: z.enum(['en', 'zh-CN']).optional(),
  tagline: plainText.optional(),
  alt: plainText.optional(),
  /** Whether it plays a part or helps plainly. */
  kind: characterKindSchema.optional().catch(undefined),
  locales: z.partialRecord(z.enum(['en', 'zh-CN']), localeTextSchema).optional(),
});
export type EverwithExtension = z.infer<typeof everwithExtensionSchema>;

/** The data of a Character Card V3 (kwaroran/character-card-spec-v3), unknown keys kept as they came. */
const cardDataSchema = z.looseObject({
  name: nameText,
  nickname: nameText,
  description: cardText,
  personality: cardText,
  scenario: cardText,
  first_mes: cardText,
  mes_example: cardText,
  creator_notes: cardText,
  system_prompt: cardText,
  post_history_instructions: cardText,
  alternate_greetings: textList,
  group_only_greetings: textList,
  tags: textList,
  creator: cardText,
  character_version: cardText,
  extensions: z
    .unknown()
    .optional()
    .transform((extensions) => (isRecord(extensions) ? extensions : {})),
});

/** A card as the house keeps it: always the V3 frame, whatever it was imported from. */
export const cardSchema = z.looseObject({
  spec: z.literal('chara_card_v3'),
  spec_version: z.string(),
  data: cardDataSchema,
});
export type Card = z.infer<typeof cardSchema>;

/**
 * A card as it is stored and handed out again: in the V3 frame, every key and every letter as it came. What is
 * absent stays absent. `viewCard` makes of it what is shown and sent.
 */
export interface StoredCard {
  spec: 'chara_card_v3';
  spec_version: string;
  data: Record<string, unknown>;
  [key: string]: unknown;
}

/** The card's fields, cleaned, missing ones empty. What was stored has passed the schema before. */
export function viewCard(stored: StoredCard): Card {
  return cardSchema.parse(stored);
}

/** The words of a card in one language. */
export interface CardText {
  kind: CharacterKind;
  name: string;
  /** What `{{char}}` says: the nickname where there is one (Character Card V3, "nickname"). */
  called: string;
  tagline: string;
  alt: string;
  description: string;
  personality: string;
  scenario: string;
  greetings: string[];
  exampleDialogue: string;
  creatorNotes: string;
  systemPrompt: string;
  postHistoryInstructions: string;
  tags: string[];
}

export function everwithExtension(card: Card): EverwithExtension {
  const parsed = everwithExtensionSchema.safeParse(card.data.extensions['everwith'] ?? {});
  return parsed.success ? parsed.data : {};
}

/** The languages a card is complete in; cards without our extension speak whatever they are written in. */
export function cardLocales(card: Card): Locale[] {
  const extension = everwithExtension(card);
  const original = extension.originalLocale;
  if (!original) return [];
  return [
    original,
    ...(['en', 'zh-CN'] as const).filter((locale) => locale !== original && extension.locales?.[locale]),
  ];
}

/** The card's words in a language, falling back field by field to what it was written in. */
export function localizeCard(card: Card, locale: Locale): CardText {
  const { data } = card;
  const extension = everwithExtension(card);
  const words = extension.originalLocale === locale ? undefined : extension.locales?.[locale];
  const greetings = words?.first_mes
    ? [words.first_mes, ...(words.alternate_greetings ?? [])]
    : [data.first_mes, ...data.alternate_greetings];
  return {
    kind: extension.kind ?? 'character',
    name: words?.name || data.name,
    called: words?.nickname || words?.name || data.nickname || data.name,
    tagline: words?.tagline ?? extension.tagline ?? '',
    alt: words?.alt ?? extension.alt ?? '',
    description: words?.description ?? data.description,
    personality: words?.personality ?? data.personality,
    scenario: words?.scenario ?? data.scenario,
    greetings: greetings.filter((greeting) => greeting.trim() !== ''),
    exampleDialogue: words?.mes_example ?? data.mes_example,
    creatorNotes: words?.creator_notes ?? data.creator_notes,
    systemPrompt: words?.system_prompt ?? data.system_prompt,
    postHistoryInstructions: words?.post_history_instructions ?? data.post_history_instructions,
    tags: words?.tags ?? data.tags,
  };
}

export interface NewCardFields {
  name: string;
  tagline: string;
  description: string;
  personality: string;
  scenario: string;
  greeting: string;
  exampleDialogue: string;
}

/** Puts what the minimal form knows on a card, keeping everything else the card carries. */
export function withFormFields(card: Card | undefined, fields: NewCardFields): Card {
  const extension = card ? everwithExtension(card) : {};
  return cardSchema.parse({
    ...card,
    spec: 'chara_card_v3',
    spec_version: card?.spec_version ?? '3.0',
    data: {
      ...card?.data,
      name: fields.name,
      description: fields.description,
      personality: fields.personality,
      scenario: fields.scenario,
      first_mes: fields.greeting,
      mes_example: fields.exampleDialogue,
      extensions: { ...card?.data.extensions, everwith: { ...extension, tagline: fields.tagline } },
    },
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
