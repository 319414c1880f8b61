import { z } from 'zod';
import { idSchema, optionalTextSchema } from './common.ts';
import { lorebookBodySchema, lorebookSummarySchema, loreEntrySchema } from './lore.ts';
import { lorebookChangeSchema, loreEntryFieldsSchema } from './lorebook-changes.ts';

export const lorebookListSchema = z.object({ books: z.array(lorebookSummarySchema) }).meta({ id: 'LorebookList' });

export const renameLorebookSchema = z.strictObject({ name: optionalTextSchema(10_000) }).meta({ id: 'RenameLorebook' });

const expectedRevision = z.int().positive();

/** Steps that happen together or not at all. */
export const changeLorebookSchema = z
  .strictObject({ expectedRevision, changes: z.array(lorebookChangeSchema).min(1).max(1000) })
  .meta({ id: 'ChangeLorebook' });

export const saveLoreEntrySchema = z
  .strictObject({ expectedRevision, fields: loreEntryFieldsSchema })
  .meta({ id: 'SaveLoreEntry' });
export const savedLoreEntrySchema = z
  .object({ entry: loreEntrySchema, book: lorebookSummarySchema })
  .meta({ id: 'SavedLoreEntry' });

export const importedLorebookSchema = z
  .object({
    book: lorebookSummarySchema,
    format: z.enum(['card', 'lorebook_v3', 'st', 'agnai', 'risu', 'novelai']),
    warnings: z.array(z.string()),
    /** A book with the same content that was there before. */
    sameAs: z.object({ id: idSchema, name: z.string() }).nullable(),
  })
  .meta({ id: 'ImportedLorebook' });
export type ImportedLorebook = z.infer<typeof importedLorebookSchema>;

/** SillyTavern's world info, or a Character Card V3 lorebook file. */
export const lorebookFormatSchema = z.enum(['st', 'lorebook_v3']);

/** The book inside a character's card. */
export const characterBookSchema = z
  .object({
    characterId: idSchema,
    characterName: z.string(),
    versionId: idSchema,
    version: z.int().positive(),
    /** False for the starters: they can be read, not changed. */
    mine: z.boolean(),
    /** Null when the card carries none. */
    body: lorebookBodySchema.nullable(),
  })
  .meta({ id: 'CharacterBook' });
export type CharacterBook = z.infer<typeof characterBookSchema>;

export const saveCharacterBookSchema = z
  .strictObject({
    /** Null takes the book out of the card. */
    body: lorebookBodySchema.nullable(),
    /** The version the editor looked at; a newer one refuses. */
    expectedVersionId: idSchema,
  })
  .meta({ id: 'SaveCharacterBook' });

/** Makes a book of its own of a card's book; `remove` takes it out of the card and attaches the new one instead. */
export const moveCharacterBookSchema = z
  .strictObject({ remove: z.boolean().default(true), expectedVersionId: idSchema })
  .meta({ id: 'MoveCharacterBook' });

/** Puts a copy of a book into a card. Refused when the card has one, unless `replace` says so. */
export const putIntoCardSchema = z
  .strictObject({ characterId: idSchema, replace: z.boolean().default(false) })
  .meta({ id: 'PutIntoCard' });

export const countLoreTokensSchema = z
  .strictObject({ texts: z.array(z.string().max(1_000_000)).max(200) })
  .meta({ id: 'CountLoreTokens' });
export const loreTokenCountSchema = z
  .object({ counts: z.array(z.int().nonnegative()), exact: z.boolean() })
  .meta({ id: 'LoreTokenCounts' });
