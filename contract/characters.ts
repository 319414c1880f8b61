import { z } from 'zod';
import { characterKindSchema, moreFieldsShape, pictureDataSchema, savedTextsShape } from './character-fields.ts';
import { idSchema, localeSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';

/** A character in a list, already in the reader's language. */
export const characterSummarySchema = z
  .object({
    id: idSchema,
    /** Short name for addresses and the terminal; unique among what one person can see. */
    slug: z.string(),
    /** `assistant`: plain help instead of a part played. */
    kind: characterKindSchema,
    versionId: idSchema,
    name: z.string(),
    tagline: z.string(),
    /** Where the picture is served; null when there is none. */
    pictureUrl: z.string().nullable(),
    /** What the picture shows. */
    pictureAlt: z.string(),
    /** The languages its text is complete in. */
    locales: z.array(localeSchema),
    starter: z.boolean(),
    mine: z.boolean(),
    tags: z.array(z.string()),
    updatedAt: timeSchema,
  })
  .meta({ id: 'CharacterSummary' });
export type CharacterSummary = z.infer<typeof characterSummarySchema>;

export const characterSchema = characterSummarySchema
  .extend({
    description: z.string(),
    personality: z.string(),
    scenario: z.string(),
    greetings: z.array(z.string()),
    exampleDialogue: z.string(),
    creatorNotes: z.string(),
    creator: z.string(),
    version: z.int().positive(),
    /** Parts of an imported card that are kept but not used yet, by name. */
    keptUnused: z.array(z.string()),
  })
  .meta({ id: 'Character' });
export type Character = z.infer<typeof characterSchema>;

export const createCharacterSchema = z
  .strictObject({
    name: textSchema(100),
    tagline: optionalTextSchema(160).default(''),
    description: optionalTextSchema(60_000).default(''),
    personality: optionalTextSchema(20_000).default(''),
    scenario: optionalTextSchema(20_000).default(''),
    greeting: optionalTextSchema(20_000).default(''),
    exampleDialogue: optionalTextSchema(60_000).default(''),
    picture: pictureDataSchema.nullable().default(null),
    ...moreFieldsShape,
  })
  .meta({ id: 'CreateCharacter' });
export type CreateCharacter = z.input<typeof createCharacterSchema>;

export const updateCharacterSchema = z
  .strictObject({
    ...createCharacterSchema.shape,
    ...savedTextsShape,
    /** The version the editor looked at; a newer one refuses the change. */
    expectedVersionId: idSchema,
  })
  .meta({ id: 'UpdateCharacter' });

/** A card file, PNG or JSON, as base64; at most 12 MiB decoded. */
export const importCharacterSchema = z
  .strictObject({
    fileName: z.string().max(255),
    data: z
      .string()
      .max(16_800_000)
      .regex(/^[A-Za-z0-9+/=]+$/),
  })
  .meta({ id: 'ImportCharacter' });
