import { z } from 'zod';
import { idSchema, textSchema, timeSchema } from './common.ts';
import { loreCutSchema, loreFiredSchema, loreSettingOverridesSchema } from './lore.ts';

export const promptRoleSchema = z.enum(['system', 'user', 'assistant']);
export type PromptRole = z.infer<typeof promptRoleSchema>;
/** Sides of a prompt as it was sent: `tool` gives what calls of tools gave. */
export const sentRoleSchema = z.enum([...promptRoleSchema.options, 'tool']);
export type SentRole = z.infer<typeof sentRoleSchema>;

/**
 * The places a preset orders. `house` is the frame (a card's system prompt replaces it), `lore-before`/`lore-after`
 * stand around the character, `history` is the conversation, `note` the author's note, `post-history` what follows
 * the history. `spoken` is how one speaks in a call: empty elsewhere, and before the examples where a preset does
 * not place it. `room` is who else is there: empty between two, and at the end of what stands before the examples where a
 * preset does not place it. So is `world`: where the story happens and what is true there. `custom` carries its own text.
 */
export const promptSlotSchema = z.enum([
  'house',
  'lore-before',
  'persona',
  'character',
  'personality',
  'scenario',
  'lore-after',
  'examples',
  'history',
  'note',
  'post-history',
  'spoken',
  'room',
  'world',
  'custom',
]);
export type PromptSlot = z.infer<typeof promptSlotSchema>;

export const presetSegmentSchema = z.object({
  /** Unique in its preset; SillyTavern's identifier where it came from there. */
  id: z.string().min(1).max(200),
  slot: promptSlotSchema,
  name: z.string().max(1000).default(''),
  enabled: z.boolean().default(true),
  role: promptRoleSchema.default('system'),
  /** Own words; null = the slot's own text. */
  text: z.string().max(200_000).nullable().default(null),
  /** Null = where it stands in the list; else so many messages from the end of the history. */
  depth: z.number().int().min(0).max(10_000).nullable().default(null),
  /** Among several at one depth, lower first. */
  order: z.number().default(100),
  /** True keeps a card's own system prompt or post-history instructions from replacing it. */
  forbidOverrides: z.boolean().default(false),
  foreign: z.record(z.string(), z.unknown()).default({}),
});
export type PresetSegment = z.output<typeof presetSegmentSchema>;

/** How a text-completion model is spoken to (SillyTavern's instruct template, by its own names); null = the model's own chat template. */
export const instructTemplateSchema = z.looseObject({
  name: z.string().default(''),
  system_sequence: z.string().default(''),
  system_suffix: z.string().default(''),
  input_sequence: z.string().default(''),
  input_suffix: z.string().default(''),
  output_sequence: z.string().default(''),
  output_suffix: z.string().default(''),
  first_input_sequence: z.string().default(''),
  first_output_sequence: z.string().default(''),
  last_input_sequence: z.string().default(''),
  last_output_sequence: z.string().default(''),
  last_system_sequence: z.string().default(''),
  story_string_prefix: z.string().default(''),
  story_string_suffix: z.string().default(''),
  stop_sequence: z.string().default(''),
  wrap: z.boolean().default(false),
  macro: z.boolean().default(true),
  names_behavior: z.enum(['none', 'force', 'always']).default('none'),
  system_same_as_user: z.boolean().default(false),
});
export type InstructTemplate = z.output<typeof instructTemplateSchema>;
/** What of it an engine needs. */
export const instructMarksSchema = z.object(instructTemplateSchema.shape);
export type InstructMarks = z.output<typeof instructMarksSchema>;

/** SillyTavern's context template; `story_string` is Handlebars over wiBefore, description, personality and so on. */
export const contextTemplateSchema = z.looseObject({
  name: z.string().default(''),
  story_string: z.string().default(''),
  example_separator: z.string().default(''),
  chat_start: z.string().default(''),
});

export const presetBodySchema = z.object({
  /**
   * `stable`: what changes from turn to turn (lore, notes, depth injections) stands at the tail, so that the engine
   * reads only what is new. `classic`: every segment exactly where the preset and the books ask for it.
   */
  order: z.enum(['stable', 'classic']).default('stable'),
  segments: z.array(presetSegmentSchema).max(500),
  /** Tokens; null = the model's own. */
  contextLength: z.int().positive().max(10_000_000).nullable().default(null),
  maxOutputTokens: z.int().positive().max(100_000).nullable().default(null),
  sampling: z
    .object({
      temperature: z.number().min(0).max(5),
      topP: z.number().min(0).max(1),
      topK: z.int().min(0),
      minP: z.number().min(0).max(1),
      repeatPenalty: z.number().min(0).max(5),
      frequencyPenalty: z.number().min(-2).max(2),
      presencePenalty: z.number().min(-2).max(2),
      /** Tokens back that the repeat penalty looks at. */
      repeatLastTokens: z.int().min(0).max(4096),
      /** Keeps from repeating whole runs of words: https://github.com/oobabooga/text-generation-webui/pull/5677 */
      dry: z.object({
        multiplier: z.number().min(0).max(100),
        base: z.number().min(1).max(100),
        allowedLength: z.int().min(1).max(1000),
      }),
      seed: z.int().nonnegative(),
    })
    .partial()
    .default({}),
  /** True sends a character's earlier thoughts back. */
  sendReasoning: z.boolean().default(false),
  /** Put in front of names in the history, as some presets ask: none, or as `Name: text`. */
  names: z.enum(['none', 'content']).default('none'),
  continueNudge: z.string().max(100_000).nullable().default(null),
  newChat: z.string().max(100_000).nullable().default(null),
  newExampleChat: z.string().max(100_000).nullable().default(null),
  /** Over budget, example blocks stay and history leaves instead. */
  pinExamples: z.boolean().default(false),
  lore: loreSettingOverridesSchema.default({}),
  instruct: instructTemplateSchema.nullable().default(null),
  context: contextTemplateSchema.nullable().default(null),
  foreign: z.record(z.string(), z.unknown()).default({}),
});
export type PresetBody = z.output<typeof presetBodySchema>;

export const promptPresetSummarySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** True for those that ship with the house; they cannot be changed, only copied. */
    builtIn: z.boolean(),
    order: presetBodySchema.shape.order.unwrap(),
    segmentCount: z.int().nonnegative(),
    /** The instruct template's name; null where the model's own chat template counts. */
    instruct: z.string().nullable(),
    revision: z.int().positive(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'PromptPresetSummary' });
export type PromptPresetSummary = z.infer<typeof promptPresetSummarySchema>;

export const promptPresetSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** True for those that ship with the house; they cannot be changed, only copied. */
    builtIn: z.boolean(),
    body: presetBodySchema,
    revision: z.int().positive(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'PromptPreset' });
export type PromptPreset = z.infer<typeof promptPresetSchema>;

export const savePresetSchema = z
  .strictObject({
    name: textSchema(200),
    body: presetBodySchema,
    /** The revision the editor looked at; a newer one refuses. Absent when the preset is new. */
    expectedRevision: z.int().positive().optional(),
  })
  .meta({ id: 'SavePreset' });

export const duplicatePresetSchema = z.strictObject({ name: textSchema(200) }).meta({ id: 'DuplicatePreset' });

/** A preset or template file of any known kind, as base64; at most 8 MiB decoded. */
export const importPresetSchema = z
  .strictObject({
    fileName: z.string().max(255),
    data: z
      .string()
      .max(11_200_000)
      .regex(/^[A-Za-z0-9+/=]*$/),
  })
  .meta({ id: 'ImportPreset' });

export const presetKindSchema = z.enum([
  'everwith',
  'chat-completion',
  'instruct',
  'context',
  'system-prompt',
  'sampler',
  'text-completion',
]);
export type PresetKind = z.infer<typeof presetKindSchema>;

/** What a reader of presets has to say, in a word that the page translates, with what it is about. */
export const presetWarningSchema = z.object({
  code: z.enum([
    'unused-trigger',
    'unused-format',
    'unused-sampler',
    'unused-text',
    'value-out-of-range',
    'duplicate-prompt',
    'prompt-too-long',
  ]),
  subject: z.string(),
});
export type PresetWarning = z.infer<typeof presetWarningSchema>;

export const importedPresetSchema = z
  .object({ preset: promptPresetSummarySchema, kind: presetKindSchema, warnings: z.array(presetWarningSchema) })
  .meta({ id: 'ImportedPreset' });
export type ImportedPreset = z.infer<typeof importedPresetSchema>;

/** `everwith` keeps everything; `sillytavern` is its chat-completion form. */
export const presetFormatSchema = z.enum(['everwith', 'sillytavern']);
/** A file for a person to keep, as JSON. */
export const presetFileSchema = z.record(z.string(), z.unknown());

/** A conversation's author's note. */
export const authorsNoteSchema = z.object({
  text: z.string().max(100_000),
  /** Messages from the end of the history; null = after the character, before the examples. */
  depth: z.int().min(0).max(10_000).nullable().default(4),
  role: promptRoleSchema.default('system'),
  /** Inserted every so many human messages; 0 = never, 1 = always. */
  interval: z.int().min(0).max(10_000).default(1),
});
export type AuthorsNote = z.output<typeof authorsNoteSchema>;

/** A run of the prompt's text with who put it there. */
export const promptPieceSchema = z.object({
  /** Index into `segments`. */
  segment: z.int().nonnegative(),
  text: z.string(),
});

/** The exact prompt of one reply, as it was sent. */
export const promptRecordSchema = z
  .object({
    messageId: idSchema,
    model: z.object({ ref: z.string(), label: z.string() }),
    order: z.enum(['stable', 'classic']),
    presetName: z.string(),
    /** Messages in the order sent; joining the texts of `pieces` gives each one's exact content. Calls are JSON. */
    messages: z.array(z.object({ role: sentRoleSchema, pieces: z.array(promptPieceSchema) })),
    segments: z.array(
      z.object({
        /** Stable name, as in the receipt. */
        kind: z.string(),
        /** Who put it there: a book and entry, a preset's segment, a persona; empty when the kind says all. */
        owner: z.string(),
        tokens: z.int().nonnegative(),
        stable: z.boolean(),
        messages: z.int().nonnegative().optional(),
      }),
    ),
    /** The tools the model was offered, as JSON text; absent where there were none. */
    tools: z.string().optional(),
    dropped: z.array(z.object({ kind: z.string(), tokens: z.int().nonnegative(), messages: z.int().nonnegative() })),
    lore: z.object({ fired: z.array(loreFiredSchema), cut: z.array(loreCutSchema) }),
    digest: z.string(),
    /** False when a message it used was purged or changed since, so that the text may differ from what was sent. */
    exact: z.boolean(),
    /** Set once words in it were forgotten: a mark stands in their place, and there is no digest any more. */
    redacted: z.literal(true).optional(),
    tokens: z.object({
      prompt: z.int().nonnegative(),
      evaluated: z.int().nonnegative().nullable(),
      reused: z.int().nonnegative().nullable(),
    }),
  })
  .meta({ id: 'PromptRecord' });
export type PromptRecord = z.infer<typeof promptRecordSchema>;
