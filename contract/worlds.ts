import { z } from 'zod';
import { pictureDataSchema } from './character-fields.ts';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';
import { lorebookBodySchema } from './lore.ts';

/** Far more than a story keeps apart, few enough to be read at once. */
export const PLACE_LIMIT = 500;
export const RESIDENT_LIMIT = 300;
export const FACT_LIMIT = 5000;
export const WORLD_LIMIT = 500;
/** UTF-16 units of one statement. */
export const STATEMENT_LIMIT = 600;
/** UTF-16 units of a story's time: a clock (`3 18:30`, see `story-time.ts`) or words. */
export const STORY_TIME_LIMIT = 120;

export const storyTimeSchema = optionalTextSchema(STORY_TIME_LIMIT);

/** A place of a world; `parentId` is what it lies in, `connections` where one gets from it, both ways. */
export const placeSchema = z.strictObject({
  id: idSchema,
  name: textSchema(100),
  description: optionalTextSchema(4000).default(''),
  parentId: idSchema.nullable().default(null),
  connections: z.array(idSchema).max(PLACE_LIMIT).default([]),
  tags: z.array(textSchema(40)).max(20).default([]),
});
export type Place = z.output<typeof placeSchema>;

/** Somebody who lives in a world: a character of the library, or only a name. */
export const residentSchema = z.strictObject({
  characterId: idSchema.nullable().default(null),
  name: textSchema(100),
  /** Where they usually are. */
  placeId: idSchema.nullable().default(null),
  note: optionalTextSchema(1000).default(''),
});
export type Resident = z.output<typeof residentSchema>;

const worldFields = {
  name: textSchema(100),
  description: optionalTextSchema(20_000).default(''),
  /** The story's time where nothing else is said; empty = none. */
  time: storyTimeSchema.default(''),
  places: z.array(placeSchema).max(PLACE_LIMIT).default([]),
  residents: z.array(residentSchema).max(RESIDENT_LIMIT).default([]),
};

export const saveWorldSchema = z
  .strictObject({
    ...worldFields,
    /** Null keeps the picture there is. */
    picture: pictureDataSchema.nullable().default(null),
    /** The revision the editor looked at; a newer one refuses. Absent when the world is new. */
    expectedRevision: z.int().positive().optional(),
  })
  .meta({ id: 'SaveWorld' });
export type SaveWorld = z.input<typeof saveWorldSchema>;

export const worldSummarySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    pictureUrl: z.string().nullable(),
    time: z.string(),
    placeCount: z.int().nonnegative(),
    residentCount: z.int().nonnegative(),
    /** What waits for the owner's word. */
    proposalCount: z.int().nonnegative(),
    conversationCount: z.int().nonnegative(),
    revision: z.int().positive(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'WorldSummary' });
export type WorldSummary = z.infer<typeof worldSummarySchema>;

export const worldListSchema = z.object({ worlds: z.array(worldSummarySchema) }).meta({ id: 'WorldList' });

/** As they are kept: cleaned when they were saved. */
const shownPlaceSchema = z.object({
  id: idSchema,
  name: z.string(),
  description: z.string(),
  parentId: idSchema.nullable(),
  connections: z.array(idSchema),
  tags: z.array(z.string()),
});
const shownResidentSchema = z.object({
  characterId: idSchema.nullable(),
  name: z.string(),
  placeId: idSchema.nullable(),
  note: z.string(),
});

export const worldSchema = worldSummarySchema
  .extend({ places: z.array(shownPlaceSchema), residents: z.array(shownResidentSchema) })
  .meta({ id: 'World' });
export type World = z.infer<typeof worldSchema>;

/**
 * `proposed`: found in talk, nobody decided. `accepted`: true for all of the world. `rejected`: never proposed again.
 * `superseded`: another fact took its place.
 */
export const factStateSchema = z.enum(['proposed', 'accepted', 'rejected', 'superseded']);
export type FactState = z.infer<typeof factStateSchema>;

/** Where a fact comes from; the quote stands verbatim in the message. */
export const factSourceSchema = z.object({
  conversationId: idSchema,
  messageId: idSchema,
  quote: z.string(),
  speaker: z.string(),
  /** False once the message is deleted, hidden, or left on another branch. */
  standing: z.boolean(),
});
export type FactSource = z.infer<typeof factSourceSchema>;

export const worldFactSchema = z
  .object({
    id: idSchema,
    worldId: idSchema,
    statement: z.string(),
    /** Whom or what it is about, by name; words that bring it into a prompt. */
    about: z.array(z.string()),
    placeId: idSchema.nullable(),
    /** Since when, in the story's time; empty = unknown. */
    since: z.string(),
    state: factStateSchema,
    /** `hand`: an owner wrote it. `talk`: it was found in a conversation. `file`: it came with an imported world. */
    origin: z.enum(['hand', 'talk', 'file']),
    sources: z.array(factSourceSchema),
    /** The lorebook entry it became; then the book tells it, not the list of facts. */
    entry: z.object({ bookId: idSchema, uid: z.string() }).nullable(),
    /** What took its place. */
    replacedBy: idSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'WorldFact' });
export type WorldFact = z.infer<typeof worldFactSchema>;

export const worldFactListSchema = z
  .object({
    facts: z.array(worldFactSchema),
    /** True while conversations are being read for what became true. */
    reading: z.boolean(),
  })
  .meta({ id: 'WorldFactList' });
export type WorldFactList = z.infer<typeof worldFactListSchema>;

const factFields = {
  statement: textSchema(STATEMENT_LIMIT),
  about: z.array(textSchema(100)).max(20).default([]),
  placeId: idSchema.nullable().default(null),
  since: storyTimeSchema.default(''),
};
export const addFactSchema = z.strictObject(factFields).meta({ id: 'AddWorldFact' });
export type AddFact = z.input<typeof addFactSchema>;

/** `as`: an accepted fact may become an entry of the world's lorebook instead, with `about` as its keys. */
export const changeFactSchema = z
  .strictObject({
    statement: factFields.statement,
    about: factFields.about.unwrap(),
    placeId: idSchema.nullable(),
    since: storyTimeSchema,
    state: z.enum(['proposed', 'accepted', 'rejected']),
    as: z.enum(['fact', 'entry']),
  })
  .partial()
  .meta({ id: 'ChangeWorldFact' });
export type ChangeFact = z.input<typeof changeFactSchema>;

/** Several say one thing: the new fact has all their sources and is accepted, they are superseded by it. */
export const mergeFactsSchema = z
  .strictObject({ ...factFields, ids: z.array(idSchema).min(2).max(50) })
  .meta({ id: 'MergeWorldFacts' });

/** Looks now for what became true, in one conversation or in all of the world. */
export const proposeFactsSchema = z
  .strictObject({ conversationId: idSchema.optional() })
  .meta({ id: 'ProposeWorldFacts' });
export const proposingSchema = z.object({ conversations: z.int().nonnegative() }).meta({ id: 'ProposingWorldFacts' });

/** Where a conversation happens, at the end of its active path. */
export const sceneSchema = z.object({
  worldId: idSchema,
  worldName: z.string(),
  place: z.object({ id: idSchema, name: z.string() }).nullable(),
  /** The branch's own time, else the world's; empty = none. */
  time: z.string(),
  /** False while the world's time counts. */
  ownTime: z.boolean(),
});
export type SceneOfConversation = z.infer<typeof sceneSchema>;

/** Where a conversation is to begin. */
export const beginInWorldSchema = z.strictObject({ worldId: idSchema, placeId: idSchema.nullable().default(null) });

/** The conversation happens in this world from now on; null = in none. */
export const chooseWorldSchema = z.strictObject({ worldId: idSchema.nullable() }).meta({ id: 'ChooseWorld' });

/** Moves the scene: told in the story, on this branch only. `time` null = the world's time counts again. */
export const changeSceneSchema = z
  .strictObject({
    placeId: idSchema.nullable().optional(),
    time: storyTimeSchema.nullable().optional(),
    /** The world's own time goes on with it. */
    wholeWorld: z.boolean().default(false),
    expectedRevision: z.int().nonnegative().optional(),
  })
  .meta({ id: 'ChangeScene' });
export type ChangeScene = z.input<typeof changeSceneSchema>;

export const WORLD_FILE_FORMAT = 'everwith-world';

/** A world as one file. Ids are of the file only; people and messages of the house are not in it. */
export const worldFileSchema = z
  .object({
    format: z.literal(WORLD_FILE_FORMAT),
    version: z.literal(1),
    world: z.strictObject(worldFields),
    facts: z
      .array(z.strictObject({ ...factFields, statement: textSchema(STATEMENT_LIMIT) }))
      .max(FACT_LIMIT)
      .default([]),
    books: z.array(lorebookBodySchema).max(20).default([]),
  })
  .meta({ id: 'WorldFile' });
export type WorldFile = z.output<typeof worldFileSchema>;
/** A file for a person to keep, as JSON. */
export const exportedWorldSchema = z.record(z.string(), z.unknown());
export const importWorldSchema = z.strictObject({ file: worldFileSchema }).meta({ id: 'ImportWorld' });
