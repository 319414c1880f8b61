import type { CardFields, CharacterKind, DepthPrompt, ForkOrigin } from '../../contract/character-fields.ts';
import type { Locale } from '../../contract/common.ts';
import { z } from 'zod';
import { cardSchema, everwithExtension, withFormFields, type Card, type NewCardFields } from './card.ts';

/** Other programs write numbers as text now and then. */
const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*\d+(?:\.\d+)?\s*$/)
    .transform(Number),
]);
/** SillyTavern's defaults for `extensions.depth_prompt`. */
const depthPromptSchema = z.looseObject({
  prompt: z.string().catch(''),
  depth: numeric.pipe(z.int().min(0).max(10_000)).catch(4),
  role: z.enum(['system', 'user', 'assistant']).catch('system'),
});
const talkativenessSchema = numeric.pipe(z.number().min(0).max(1));
const notesSchema = z.record(z.string(), z.string());
const forkSchema = z.object({ characterId: z.string(), version: z.number(), name: z.string() });

/** What an editor writes: the short form whole, the rest where it is given. */
export type EditedFields = NewCardFields & {
  [Key in Exclude<keyof CardFields, keyof NewCardFields>]?: CardFields[Key] | undefined;
} & { characterBook?: Record<string, unknown> | null | undefined };

/** The language besides the card's own in which its words are kept apart, or null where `data` holds them. */
function translatedTo(card: Card, locale: Locale): Locale | null {
  const { originalLocale, locales } = everwithExtension(card);
  return originalLocale !== undefined && originalLocale !== locale && locales?.[locale] !== undefined ? locale : null;
}

/** The language of what `readCardFields` gives, where the card says so. */
export function fieldsLocale(card: Card, locale: Locale): Locale | null {
  return translatedTo(card, locale) ?? everwithExtension(card).originalLocale ?? null;
}

/** Every field an editor knows, in the reader's language where the card has it. Names are as written, not as spoken. */
export function readCardFields(card: Card, locale: Locale): CardFields {
  const { data } = card;
  const extension = everwithExtension(card);
  const translated = translatedTo(card, locale);
  const words = (translated && extension.locales?.[translated]) || {};
  const greets = words.first_mes !== undefined && words.first_mes !== '';
  return {
    kind: extension.kind ?? 'character',
    name: words.name ?? data.name,
    nickname: words.nickname ?? (words.name === undefined ? data.nickname : ''),
    tagline: words.tagline ?? extension.tagline ?? '',
    pictureAlt: words.alt ?? extension.alt ?? '',
    description: words.description ?? data.description,
    personality: words.personality ?? data.personality,
    scenario: words.scenario ?? data.scenario,
    greeting: greets ? (words.first_mes ?? '') : data.first_mes,
    alternateGreetings: greets ? (words.alternate_greetings ?? []) : data.alternate_greetings,
    groupGreetings: data.group_only_greetings,
    exampleDialogue: words.mes_example ?? data.mes_example,
    systemPrompt: words.system_prompt ?? data.system_prompt,
    postHistoryInstructions: words.post_history_instructions ?? data.post_history_instructions,
    depthPrompt: readDepthPrompt(card),
    creator: data.creator,
    creatorNotes: words.creator_notes ?? data.creator_notes,
    creatorNotesByLanguage: readNotes(card),
    characterVersion: data.character_version,
    tags: words.tags ?? data.tags,
    talkativeness: readTalkativeness(card),
  };
}

function readDepthPrompt(card: Card): DepthPrompt | null {
  const parsed = depthPromptSchema.safeParse(card.data.extensions['depth_prompt']);
  if (!parsed.success || parsed.data.prompt.trim() === '') return null;
  return { text: parsed.data.prompt, depth: parsed.data.depth, role: parsed.data.role };
}

function readNotes(card: Card): Record<string, string> {
  const parsed = notesSchema.safeParse(card.data['creator_notes_multilingual']);
  return parsed.success ? parsed.data : {};
}

function readTalkativeness(card: Card): number | null {
  const value = card.data.extensions['talkativeness'];
  if (value === undefined || value === null || value === '') return null;
  const parsed = talkativenessSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** How readily a character speaks in a room, in percent; half where its card does not say. */
export function talkativenessOf(card: Card): number {
  return Math.round((readTalkativeness(card) ?? 0.5) * 100);
}

/** Puts what an editor knows on a card, in the language it was read in, keeping everything else the card carries. */
export function writeCardFields(card: Card | undefined, fields: EditedFields, locale: Locale): Card {
  const translated = card && translatedTo(card, locale);
  const written = card && translated ? withTranslation(card, fields, translated) : withWords(card, fields);
  const { extensions } = written.data;
  const data: Record<string, unknown> = {
    ...written.data,
    ...given({
      group_only_greetings: fields.groupGreetings,
      creator: fields.creator,
      character_version: fields.characterVersion,
    }),
    extensions: withDepthPrompt(
      withTalkativeness(withKind(extensions, fields.kind), fields.talkativeness),
      fields.depthPrompt,
    ),
  };
  setOrDrop(data, 'creator_notes_multilingual', notesToKeep(fields.creatorNotesByLanguage));
  setOrDrop(data, 'character_book', fields.characterBook);
  return cardSchema.parse({ ...written, data });
}

/** The words of a language as the card's extension names them. */
function wordsOf(fields: EditedFields): Record<string, unknown> {
  return {
    name: fields.name,
    description: fields.description,
    personality: fields.personality,
    scenario: fields.scenario,
    first_mes: fields.greeting,
    mes_example: fields.exampleDialogue,
    ...given({
      nickname: fields.nickname,
      alternate_greetings: fields.alternateGreetings,
      system_prompt: fields.systemPrompt,
      post_history_instructions: fields.postHistoryInstructions,
      creator_notes: fields.creatorNotes,
      tags: fields.tags,
    }),
  };
}

function withWords(card: Card | undefined, fields: EditedFields): Card {
  const written = withFormFields(card, fields);
  const { everwith, ...extensions } = written.data.extensions;
  return {
    ...written,
    data: {
      ...written.data,
      ...(wordsOf(fields) as Partial<Card['data']>),
      extensions: { ...extensions, everwith: { ...(everwith as object), ...given({ alt: fields.pictureAlt }) } },
    },
  };
}

function withTranslation(card: Card, fields: EditedFields, locale: Locale): Card {
  const extension = everwithExtension(card);
  const words = {
    ...extension.locales?.[locale],
    ...wordsOf(fields),
    tagline: fields.tagline,
    ...given({ alt: fields.pictureAlt }),
  };
  const everwith = { ...extension, locales: { ...extension.locales, [locale]: words } };
  return { ...card, data: { ...card.data, extensions: { ...card.data.extensions, everwith } } };
}

function withDepthPrompt(
  extensions: Record<string, unknown>,
  prompt: DepthPrompt | null | undefined,
): Record<string, unknown> {
  if (prompt === undefined) return extensions;
  const { depth_prompt: before, ...rest } = extensions;
  const known = depthPromptSchema.safeParse(before);
  if (prompt === null || prompt.text.trim() === '') {
    // SillyTavern writes an empty one on every card; it says nothing, and stays as it came.
    return before === undefined || (known.success && known.data.prompt.trim() !== '') ? rest : extensions;
  }
  const { text, depth, role } = prompt;
  return { ...rest, depth_prompt: { ...(known.success ? known.data : {}), prompt: text, depth, role } };
}

/** A card that says nothing plays a part. */
function withKind(extensions: Record<string, unknown>, kind: CharacterKind | undefined): Record<string, unknown> {
  if (kind === undefined) return extensions;
  const { kind: _before, ...everwith } = (extensions['everwith'] ?? {}) as Record<string, unknown>;
  return { ...extensions, everwith: kind === 'character' ? everwith : { ...everwith, kind } };
}

function withTalkativeness(
  extensions: Record<string, unknown>,
  talkativeness: number | null | undefined,
): Record<string, unknown> {
  if (talkativeness === undefined) return extensions;
  const { talkativeness: _before, ...rest } = extensions;
  return talkativeness === null ? rest : { ...rest, talkativeness };
}

function notesToKeep(notes: Record<string, string> | undefined): Record<string, string> | null | undefined {
  if (notes === undefined) return undefined;
  const kept = Object.entries(notes).filter(([, text]) => text.trim() !== '');
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** Undefined keeps, null removes. */
function setOrDrop(data: Record<string, unknown>, key: string, value: unknown): void {
  if (value === null) delete data[key];
  else if (value !== undefined) data[key] = value;
}

function given(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

/** Where a card was copied from inside this house, or null. */
export function readForkOrigin(card: Card): ForkOrigin | null {
  const parsed = forkSchema.safeParse(everwithExtension(card)['forkOf']);
  return parsed.success ? parsed.data : null;
}

/** A copy that remembers where it came from, in the card's `source` and for this house in its extension. */
export function forkedCard(card: Card, origin: ForkOrigin): Card {
  // The slug is the address of one character, not of its copies.
  const { slug: _slug, ...extension } = everwithExtension(card);
  const before = z.array(z.string()).safeParse(card.data['source']);
  const source = [
    ...(before.success ? before.data : []),
    `everwith:character/${origin.characterId}?version=${origin.version}`,
  ];
  return cardSchema.parse({
    ...card,
    data: {
      ...card.data,
      source,
      extensions: { ...card.data.extensions, everwith: { ...extension, forkOf: origin } },
    },
  });
}
