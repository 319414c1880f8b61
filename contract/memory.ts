import { z } from 'zod';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';

/** `paused` remembers nothing new; `private` is neither remembered nor does it recall other conversations. */
export const conversationMemorySchema = z.enum(['on', 'paused', 'private']);
export type ConversationMemory = z.infer<typeof conversationMemorySchema>;

export const factAboutSchema = z.enum(['user', 'character', 'relationship', 'place', 'promise', 'other']);
export type FactAbout = z.infer<typeof factAboutSchema>;

/** A message something rests on; `present` is false once it is off its path, deleted or changed. */
export const memorySourceSchema = z
  .object({
    conversationId: idSchema,
    messageId: idSchema,
    speaker: z.string(),
    byHuman: z.boolean(),
    at: timeSchema,
    /** The message's words, at most 600 characters around what matters. */
    excerpt: z.string(),
    present: z.boolean(),
  })
  .meta({ id: 'MemorySource' });
export type MemorySource = z.infer<typeof memorySourceSchema>;

/** A turn beside a source on its path. */
const memoryNeighbourSchema = z.object({
  messageId: idSchema,
  speaker: z.string(),
  byHuman: z.boolean(),
  excerpt: z.string(),
});

/** Sources as they are read: each with the turns before and after it on its path. */
export const memorySourceListSchema = z
  .object({
    sources: z.array(
      memorySourceSchema.extend({
        before: memoryNeighbourSchema.nullable().default(null),
        after: memoryNeighbourSchema.nullable().default(null),
      }),
    ),
  })
  .meta({ id: 'MemorySourceList' });
export type MemorySourceList = z.infer<typeof memorySourceListSchema>;

export const memoryFactSchema = z
  .object({
    id: idSchema,
    about: factAboutSchema,
    /** Who or what it is about, as named. */
    subject: z.string(),
    /** One sentence that can be read alone. */
    text: z.string(),
    /** The verbatim words it rests on; empty for what the person wrote. */
    quote: z.string(),
    saidAt: timeSchema,
    validFrom: timeSchema.nullable(),
    validTo: timeSchema.nullable(),
    /** `claimed`: somebody says so, and no more is known. */
    certainty: z.enum(['certain', 'likely', 'claimed']),
    /** `corrected`: another fact stands for it; `retracted`: taken back. */
    state: z.enum(['active', 'pinned', 'corrected', 'retracted']),
    /** True when it counts on every branch, because the person said so. */
    everywhere: z.boolean(),
    by: z.enum(['user', 'model']),
    extractor: z.string().nullable(),
    /** The earlier fact it corrects or supersedes. */
    replacesId: idSchema.nullable(),
    /** The later fact that supersedes it, if that one counts too. */
    replacedById: idSchema.nullable(),
    /** False while a source is off its path: it is kept, and comes back with it. */
    counts: z.boolean(),
    sources: z.array(memorySourceSchema),
  })
  .meta({ id: 'MemoryFact' });
export type MemoryFact = z.infer<typeof memoryFactSchema>;

export const memoryFactListSchema = z
  .object({ facts: z.array(memoryFactSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'MemoryFactList' });
export type MemoryFactList = z.infer<typeof memoryFactListSchema>;

export const newFactSchema = z
  .strictObject({
    about: factAboutSchema,
    text: textSchema(1000),
    subject: optionalTextSchema(200).default(''),
    validFrom: timeSchema.nullable().default(null),
    validTo: timeSchema.nullable().default(null),
    pinned: z.boolean().default(false),
  })
  .meta({ id: 'NewMemoryFact' });
export type NewFact = z.input<typeof newFactSchema>;

/** A new `text` makes a fact of the person's own that stands for the old one. */
export const changeFactSchema = z
  .strictObject({
    text: textSchema(1000),
    about: factAboutSchema,
    validFrom: timeSchema.nullable(),
    validTo: timeSchema.nullable(),
    pinned: z.boolean(),
    everywhere: z.boolean(),
  })
  .partial()
  .meta({ id: 'ChangeMemoryFact' });
export type ChangeFact = z.infer<typeof changeFactSchema>;

/**
 * `fact`: this fact alone, now and when its source is read again. `source`: what it was said in as well; the message
 * stays in the conversation and is neither recalled nor read for facts any more.
 */
export const forgetSchema = z
  .strictObject({ scope: z.enum(['fact', 'source']).default('fact'), never: z.boolean().default(false) })
  .meta({ id: 'ForgetMemory' });
export type Forget = z.input<typeof forgetSchema>;

export const memorySummarySchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    layer: z.enum(['scene', 'session', 'relationship']),
    sentences: z.array(z.object({ text: z.string(), sources: z.array(idSchema) })),
    from: timeSchema,
    to: timeSchema,
    messageCount: z.int().nonnegative(),
    /** The model that wrote it. */
    by: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'MemorySummary' });
export type MemorySummary = z.infer<typeof memorySummarySchema>;

export const diaryEntrySchema = z
  .object({
    id: idSchema,
    conversationId: idSchema.nullable(),
    text: z.string(),
    by: z.enum(['character', 'user']),
    at: timeSchema,
    sources: z.array(idSchema),
    /** False while what it tells of is off the path or changed. */
    counts: z.boolean(),
    updatedAt: timeSchema,
  })
  .meta({ id: 'DiaryEntry' });
export type DiaryEntry = z.infer<typeof diaryEntrySchema>;
/** Newest first. */
export const diaryEntryListSchema = z
  .object({ entries: z.array(diaryEntrySchema), nextCursor: z.string().nullable() })
  .meta({ id: 'DiaryEntryList' });
export type DiaryEntryList = z.infer<typeof diaryEntryListSchema>;
export const newDiaryEntrySchema = z
  .strictObject({ text: textSchema(4000), at: timeSchema.optional() })
  .meta({ id: 'NewDiaryEntry' });
export type NewDiaryEntry = z.infer<typeof newDiaryEntrySchema>;
export const changeDiaryEntrySchema = z.strictObject({ text: textSchema(4000) }).meta({ id: 'ChangeDiaryEntry' });

export const memoryDateSchema = z
  .object({
    id: idSchema,
    text: z.string(),
    dueAt: timeSchema,
    precision: z.enum(['minute', 'hour', 'day', 'week', 'month', 'year']),
    recurs: z.enum(['none', 'yearly']),
    state: z.enum(['open', 'due', 'kept', 'dropped']),
    conversationId: idSchema.nullable(),
    factId: idSchema.nullable(),
    counts: z.boolean(),
  })
  .meta({ id: 'MemoryDate' });
export type MemoryDate = z.infer<typeof memoryDateSchema>;
export const memoryDateListSchema = z.object({ dates: z.array(memoryDateSchema) }).meta({ id: 'MemoryDateList' });
export const newMemoryDateSchema = z
  .strictObject({
    text: textSchema(500),
    dueAt: timeSchema,
    precision: memoryDateSchema.shape.precision.default('day'),
    recurs: memoryDateSchema.shape.recurs.default('none'),
  })
  .meta({ id: 'NewMemoryDate' });
export type NewMemoryDate = z.input<typeof newMemoryDateSchema>;
export const changeMemoryDateSchema = z
  .strictObject({
    text: textSchema(500),
    dueAt: timeSchema,
    precision: memoryDateSchema.shape.precision,
    recurs: memoryDateSchema.shape.recurs,
    state: z.enum(['open', 'kept', 'dropped']),
  })
  .partial()
  .meta({ id: 'ChangeMemoryDate' });
export type ChangeMemoryDate = z.infer<typeof changeMemoryDateSchema>;

export const memoryRuleSchema = z
  .object({
    id: idSchema,
    kind: z.enum(['message', 'words']),
    /** The words, or the message's beginning. */
    label: z.string(),
    messageId: idSchema.nullable(),
    /** True when it holds for every character. */
    everyCharacter: z.boolean(),
    createdAt: timeSchema,
  })
  .meta({ id: 'MemoryRule' });
export type MemoryRule = z.infer<typeof memoryRuleSchema>;
export const memoryRuleListSchema = z.object({ rules: z.array(memoryRuleSchema) }).meta({ id: 'MemoryRuleList' });
export const newMemoryRuleSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('words'), words: textSchema(200), everyCharacter: z.boolean().default(false) }),
    z.strictObject({ kind: z.literal('message'), messageId: idSchema }),
  ])
  .meta({ id: 'NewMemoryRule' });
export type NewMemoryRule = z.input<typeof newMemoryRuleSchema>;

/** How one character remembers one person. */
export const memorySettingsSchema = z
  .object({
    /** True = nothing new is remembered in any conversation with this character. */
    paused: z.boolean(),
    /** True = other conversations of the same two are recalled too. */
    otherConversations: z.boolean(),
    /** False = only what was said is recalled; no model reads it for facts, summaries and a diary. */
    distil: z.boolean(),
    diary: z.boolean(),
  })
  .meta({ id: 'MemorySettings' });
export type MemorySettings = z.infer<typeof memorySettingsSchema>;
export const changeMemorySettingsSchema = memorySettingsSchema.strict().partial().meta({ id: 'ChangeMemorySettings' });
export type ChangeMemorySettings = z.infer<typeof changeMemorySettingsSchema>;

/** How much there is, and what is still being made. */
export const memoryOverviewSchema = z
  .object({
    settings: memorySettingsSchema,
    counts: z.object({
      messages: z.int().nonnegative(),
      facts: z.int().nonnegative(),
      pinned: z.int().nonnegative(),
      summaries: z.int().nonnegative(),
      diary: z.int().nonnegative(),
      dates: z.int().nonnegative(),
      rules: z.int().nonnegative(),
    }),
    work: z.object({
      /** Messages nobody has read for facts yet. */
      toDistil: z.int().nonnegative(),
      /** Messages without a vector of the chosen model; null where there is none. */
      toEmbed: z.int().nonnegative().nullable(),
    }),
    /** The embedding model's label; null = words only. */
    embedding: z.string().nullable(),
  })
  .meta({ id: 'MemoryOverview' });
export type MemoryOverview = z.infer<typeof memoryOverviewSchema>;

/** One thing on the timeline, newest first. */
export const memoryTimelineItemSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('fact'), at: timeSchema, fact: memoryFactSchema }),
    z.object({ kind: z.literal('summary'), at: timeSchema, summary: memorySummarySchema }),
    z.object({ kind: z.literal('diary'), at: timeSchema, entry: diaryEntrySchema }),
    z.object({ kind: z.literal('date'), at: timeSchema, date: memoryDateSchema }),
  ])
  .meta({ id: 'MemoryTimelineItem' });
export type MemoryTimelineItem = z.infer<typeof memoryTimelineItemSchema>;
export const memoryTimelineSchema = z
  .object({ items: z.array(memoryTimelineItemSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'MemoryTimeline' });
export type MemoryTimeline = z.infer<typeof memoryTimelineSchema>;

/** How a score came to be; each is this signal's share. */
export const memoryScoreSchema = z.object({
  lexical: z.number(),
  neighbours: z.number(),
  session: z.number(),
  names: z.number(),
  time: z.number(),
  vector: z.number(),
});

/** A memory as a reply used it, or as a search found it. */
export const memoryUseSchema = z
  .object({
    kind: z.enum(['passage', 'fact', 'summary', 'diary', 'date']),
    /** A message, fact, summary, page or date. */
    id: idSchema,
    conversationId: idSchema.nullable(),
    /** What stood in the prompt, at most 300 characters. */
    text: z.string(),
    speaker: z.string(),
    at: timeSchema,
    score: z.number(),
    parts: memoryScoreSchema,
    /** Words of the query that were found. */
    words: z.array(z.string()),
    tokens: z.int().nonnegative(),
    /** The messages it rests on. */
    sources: z.array(z.object({ conversationId: idSchema, messageId: idSchema })),
    /** It rests on words that the reader did not hear: they are not shown. */
    withheld: z.literal(true).optional(),
    /** Set once it was forgotten: its words are gone here too. */
    forgotten: z.literal(true).optional(),
  })
  .meta({ id: 'MemoryUse' });
export type MemoryUse = z.infer<typeof memoryUseSchema>;

/** What a reply remembered. Part of its receipt. */
export const memoryReceiptSchema = z
  .object({
    used: z.array(memoryUseSchema),
    /** Found, but there was no room, or it says what stood in the window already. */
    left: z.int().nonnegative(),
    /** `hybrid`: words and vectors. */
    mode: z.enum(['off', 'lexical', 'hybrid']),
    /** Why nothing was looked for, or less than usual; `company`: guests listen, so nothing from other conversations. */
    reason: z.enum(['private', 'loading', 'failed', 'company']).nullable(),
    tookInMs: z.number().nonnegative(),
  })
  .meta({ id: 'MemoryReceipt' });
export type MemoryReceipt = z.infer<typeof memoryReceiptSchema>;

export const memorySearchSchema = z
  .object({ found: z.array(memoryUseSchema), facts: z.array(memoryFactSchema) })
  .meta({ id: 'MemorySearch' });
export type MemorySearch = z.infer<typeof memorySearchSchema>;

/** What a character knows about somebody, to be read: facts in groups, and how things stand between the two. */
export const memoryPortraitSchema = z
  .object({
    groups: z.array(z.object({ about: factAboutSchema, facts: z.array(memoryFactSchema) })),
    relationship: memorySummarySchema.nullable(),
    dates: z.array(memoryDateSchema),
  })
  .meta({ id: 'MemoryPortrait' });
export type MemoryPortrait = z.infer<typeof memoryPortraitSchema>;

export const MEMORY_FILE_FORMAT = 'everwith-memory';

/** Memory as a file, to go along with a character. What was said stays in the conversations. */
export const memoryFileSchema = z
  .object({
    format: z.literal(MEMORY_FILE_FORMAT),
    version: z.literal(1),
    character: z.object({ name: z.string(), slug: z.string().nullable() }),
    exportedAt: timeSchema,
    facts: z
      .array(
        z.object({
          about: factAboutSchema,
          subject: z.string().max(200),
          text: z.string().min(1).max(2000),
          quote: z.string().max(4000),
          saidAt: timeSchema,
          validFrom: timeSchema.nullable(),
          validTo: timeSchema.nullable(),
          certainty: memoryFactSchema.shape.certainty,
          pinned: z.boolean(),
        }),
      )
      .max(50_000),
    diary: z
      .array(z.object({ text: z.string().min(1).max(8000), at: timeSchema, by: z.enum(['character', 'user']) }))
      .max(50_000),
    dates: z
      .array(
        z.object({
          text: z.string().min(1).max(1000),
          dueAt: timeSchema,
          precision: memoryDateSchema.shape.precision,
          recurs: memoryDateSchema.shape.recurs,
          state: memoryDateSchema.shape.state,
        }),
      )
      .max(50_000),
    rules: z.array(z.object({ words: z.string().min(1).max(200) })).max(10_000),
  })
  .meta({ id: 'MemoryFile' });
export type MemoryFile = z.infer<typeof memoryFileSchema>;

export const importedMemorySchema = z
  .object({
    facts: z.int().nonnegative(),
    diary: z.int().nonnegative(),
    dates: z.int().nonnegative(),
    rules: z.int().nonnegative(),
    /** What was there already. */
    known: z.int().nonnegative(),
  })
  .meta({ id: 'ImportedMemory' });
export type ImportedMemory = z.infer<typeof importedMemorySchema>;
