import { z } from 'zod';
import { idSchema, localeSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';

/** UTF-16 units: as long as one text of a card may be. */
const CARD_TEXT_LIMIT = 1_000_000;
const MANY = 1000;

/** Words put so many messages before the end of the talk (`extensions.depth_prompt`, SillyTavern). */
export const depthPromptSchema = z.strictObject({
  text: optionalTextSchema(CARD_TEXT_LIMIT),
  /** Messages from the end. */
  depth: z.int().min(0).max(10_000),
  role: z.enum(['system', 'user', 'assistant']),
});
export type DepthPrompt = z.infer<typeof depthPromptSchema>;

const greetingsSchema = z.array(optionalTextSchema(CARD_TEXT_LIMIT)).max(MANY);
const languageSchema = z.string().regex(/^[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*$/);

/** `character` plays a part; `assistant` helps plainly, in the look of a document. */
export const characterKindSchema = z.enum(['character', 'assistant']);
export type CharacterKind = z.infer<typeof characterKindSchema>;

/** What a card says beyond the short form. Where a field is absent, the card keeps what it has. */
export const moreFieldsShape = {
  kind: characterKindSchema.optional(),
  nickname: optionalTextSchema(500).optional(),
  /** What the picture shows, for those who do not see it. */
  pictureAlt: optionalTextSchema(2000).optional(),
  /** The greetings after the first. */
  alternateGreetings: greetingsSchema.optional(),
  /** Used in groups only. */
  groupGreetings: greetingsSchema.optional(),
  systemPrompt: optionalTextSchema(CARD_TEXT_LIMIT).optional(),
  postHistoryInstructions: optionalTextSchema(CARD_TEXT_LIMIT).optional(),
  depthPrompt: depthPromptSchema.nullable().optional(),
  creator: optionalTextSchema(CARD_TEXT_LIMIT).optional(),
  creatorNotes: optionalTextSchema(CARD_TEXT_LIMIT).optional(),
  /** By language, as `creator_notes_multilingual` has them. */
  creatorNotesByLanguage: z
    .record(languageSchema, optionalTextSchema(CARD_TEXT_LIMIT))
    .refine((notes) => Object.keys(notes).length <= MANY, { message: 'There are too many languages.' })
    .optional(),
  characterVersion: optionalTextSchema(CARD_TEXT_LIMIT).optional(),
  tags: z.array(optionalTextSchema(CARD_TEXT_LIMIT)).max(MANY).optional(),
  /** 0 to 1: how readily they speak in a group. Null takes it off the card. */
  talkativeness: z.number().min(0).max(1).nullable().optional(),
  /** The card's own lorebook, in the form the card keeps it in; null removes it. */
  characterBook: z.record(z.string(), z.unknown()).nullable().optional(),
};

/** Saving what is there already: texts of any length a card may have. */
export const savedTextsShape = {
  name: textSchema(500),
  tagline: optionalTextSchema(CARD_TEXT_LIMIT).default(''),
  description: optionalTextSchema(CARD_TEXT_LIMIT).default(''),
  personality: optionalTextSchema(CARD_TEXT_LIMIT).default(''),
  scenario: optionalTextSchema(CARD_TEXT_LIMIT).default(''),
  greeting: optionalTextSchema(CARD_TEXT_LIMIT).default(''),
  exampleDialogue: optionalTextSchema(CARD_TEXT_LIMIT).default(''),
};

/** A card as an editor shows it, in one language. Not cleaned: it is what the card holds. */
export const cardFieldsSchema = z.object({
  kind: characterKindSchema,
  name: z.string(),
  nickname: z.string(),
  tagline: z.string(),
  pictureAlt: z.string(),
  description: z.string(),
  personality: z.string(),
  scenario: z.string(),
  greeting: z.string(),
  alternateGreetings: z.array(z.string()),
  groupGreetings: z.array(z.string()),
  exampleDialogue: z.string(),
  systemPrompt: z.string(),
  postHistoryInstructions: z.string(),
  depthPrompt: z
    .object({ text: z.string(), depth: z.number(), role: z.enum(['system', 'user', 'assistant']) })
    .nullable(),
  creator: z.string(),
  creatorNotes: z.string(),
  creatorNotesByLanguage: z.record(z.string(), z.string()),
  characterVersion: z.string(),
  tags: z.array(z.string()),
  talkativeness: z.number().nullable(),
});
export type CardFields = z.infer<typeof cardFieldsSchema>;

/** Where a character was copied from. */
export const forkOriginSchema = z.object({
  characterId: z.string(),
  version: z.number(),
  name: z.string(),
});
export type ForkOrigin = z.infer<typeof forkOriginSchema>;

/** A picture beside the portrait: an expression, a background, another portrait. */
export const pictureTypeSchema = z.enum(['emotion', 'background', 'icon']);
export const cardPictureSchema = z.object({
  /** Its place among the version's files. */
  position: z.int().nonnegative(),
  type: pictureTypeSchema,
  /** For an expression, the emotion. */
  name: z.string(),
  url: z.string(),
});
export type CardPicture = z.infer<typeof cardPictureSchema>;

/** One version of a character, with every field an editor knows. */
export const characterVersionSchema = z
  .object({
    characterId: idSchema,
    versionId: idSchema,
    version: z.int().positive(),
    createdAt: timeSchema,
    newest: z.boolean(),
    /** False for the house's starters, which can be copied but not changed. */
    mine: z.boolean(),
    /** The language of the words below, where the card says so. */
    locale: localeSchema.nullable(),
    fields: cardFieldsSchema,
    pictureUrl: z.string().nullable(),
    pictures: z.array(cardPictureSchema),
    forkOf: forkOriginSchema.nullable(),
    /** True when the card brings a lorebook of its own. */
    hasBook: z.boolean(),
  })
  .meta({ id: 'CharacterVersion' });
export type CharacterVersion = z.infer<typeof characterVersionSchema>;

export const versionSummarySchema = z
  .object({
    versionId: idSchema,
    version: z.int().positive(),
    createdAt: timeSchema,
    newest: z.boolean(),
    pictureUrl: z.string().nullable(),
  })
  .meta({ id: 'VersionSummary' });
export type VersionSummary = z.infer<typeof versionSummarySchema>;

export const restoreVersionSchema = z
  .strictObject({
    versionId: idSchema,
    /** The version the reader looked at; a newer one refuses the change. */
    expectedVersionId: idSchema,
  })
  .meta({ id: 'RestoreVersion' });

export const forkCharacterSchema = z
  .strictObject({
    /** Absent = the newest. */
    versionId: idSchema.optional(),
  })
  .meta({ id: 'ForkCharacter' });

/** 2 MiB of picture, as a data URL of PNG, JPEG, WebP or GIF. */
export const pictureDataSchema = z
  .string()
  .max(2_900_000)
  .regex(/^data:image\/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]+$/);

export const addPictureSchema = z
  .strictObject({
    type: pictureTypeSchema,
    name: textSchema(100),
    data: pictureDataSchema,
    /** The version the editor looked at; a newer one refuses the change. */
    expectedVersionId: idSchema,
  })
  .meta({ id: 'AddPicture' });
export const renamePictureSchema = z
  .strictObject({ name: textSchema(100), expectedVersionId: idSchema })
  .meta({ id: 'RenamePicture' });
