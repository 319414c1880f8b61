import { z } from 'zod';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';

/**
 * `spec`: Character Card V3 lorebooks (kwaroran/character-card-spec-v3, "Lorebook"), decorators included.
 * `st`: SillyTavern's world-info engine.
 */
export const loreModeSchema = z.enum(['spec', 'st']);
export type LoreMode = z.infer<typeof loreModeSchema>;

export const selectiveLogicSchema = z.enum(['and-any', 'not-all', 'not-any', 'and-all']);
export const lorePositionSchema = z.enum([
  'before-char',
  'after-char',
  'note-top',
  'note-bottom',
  'at-depth',
  'examples-top',
  'examples-bottom',
  'outlet',
]);
export type LorePosition = z.infer<typeof lorePositionSchema>;
export const loreRoleSchema = z.enum(['system', 'user', 'assistant']);

const flag = z.boolean().default(false);
const keyList = z.array(z.string().max(10_000)).max(1000).default([]);

/**
 * One entry, in one shape for both modes; null means "as the book or the settings say". Names follow SillyTavern's
 * world-info JSON where the V3 specification has no name.
 */
export const loreEntrySchema = z
  .object({
    /** Unique in its book; the foreign file's uid or id where it had one, else the entry's place. */
    uid: z.string().min(1).max(200),
    name: z.string().max(10_000).default(''),
    comment: z.string().max(100_000).default(''),
    keys: keyList,
    secondaryKeys: keyList,
    /** With V3 decorators at its beginning, as written. */
    content: z.string().max(1_000_000).default(''),
    enabled: z.boolean().default(true),
    constant: flag,
    /** True when `secondaryKeys` count. */
    selective: flag,
    selectiveLogic: selectiveLogicSchema.default('and-any'),
    /** `insertion_order`; lower stands earlier in the prompt. */
    order: z.number().default(100),
    /** V3: lowest leaves first over budget; null = by `order`. */
    priority: z.number().nullable().default(null),
    position: lorePositionSchema.default('after-char'),
    /** Messages from the end, for `at-depth`. */
    depth: z.number().default(4),
    role: loreRoleSchema.default('system'),
    outletName: z.string().max(1000).default(''),
    useRegex: flag,
    caseSensitive: z.boolean().nullable().default(null),
    matchWholeWords: z.boolean().nullable().default(null),
    scanDepth: z.number().nullable().default(null),
    probability: z.number().default(100),
    useProbability: z.boolean().default(true),
    excludeRecursion: flag,
    preventRecursion: flag,
    /** 0 = no; 1 and above = the recursion level from which it may fire. */
    delayUntilRecursion: z.number().default(0),
    ignoreBudget: flag,
    /** Comma list. */
    group: z.string().max(10_000).default(''),
    groupOverride: flag,
    groupWeight: z.number().default(100),
    useGroupScoring: z.boolean().nullable().default(null),
    /** Messages; null = none. */
    sticky: z.number().nullable().default(null),
    cooldown: z.number().nullable().default(null),
    delay: z.number().nullable().default(null),
    /** Generation types that may fire it (`normal`, `continue`, `impersonate`, `swipe`, `regenerate`, `quiet`); empty = all. */
    triggers: z.array(z.string().max(100)).max(100).default([]),
    matchPersonaDescription: flag,
    matchCharacterDescription: flag,
    matchCharacterPersonality: flag,
    matchCharacterDepthPrompt: flag,
    matchScenario: flag,
    matchCreatorNotes: flag,
    characterFilter: z
      .object({
        isExclude: z.boolean(),
        names: z.array(z.string().max(1000)).max(1000),
        tags: z.array(z.string().max(1000)).max(1000),
      })
      .nullable()
      .default(null),
    /** Keys of the file it came from that have no place above, kept for its way out. */
    foreign: z.record(z.string(), z.unknown()).default({}),
  })
  .meta({ id: 'LoreEntry' });
export type LoreEntry = z.output<typeof loreEntrySchema>;

export const LORE_ENTRY_LIMIT = 20_000;

export const lorebookBodySchema = z.object({
  name: z.string().max(10_000).default(''),
  description: z.string().max(1_000_000).default(''),
  mode: loreModeSchema.default('st'),
  /** Messages; null = the settings' value. */
  scanDepth: z.number().nullable().default(null),
  /** Tokens; null = the settings' value. */
  tokenBudget: z.number().nullable().default(null),
  recursiveScanning: z.boolean().nullable().default(null),
  /** True = keys match whatever accents their letters carry (`cafe` finds `café`); no file format but ours knows it. */
  foldAccents: z.boolean().optional(),
  entries: z.array(loreEntrySchema).max(LORE_ENTRY_LIMIT).default([]),
  /** Keys of the file it came from that have no place above. */
  foreign: z.record(z.string(), z.unknown()).default({}),
});
/** A book as every part of the house works with it. Not a file format. */
export type LorebookBody = z.output<typeof lorebookBodySchema>;

/** What a book is attached to. A character's own book travels in its card and needs no link. */
export const loreTargetSchema = z.object({
  kind: z.enum(['user', 'character', 'conversation', 'persona', 'world']),
  /** The user's, character's, conversation's, persona's or world's id. */
  id: idSchema,
});
export type LoreTarget = z.infer<typeof loreTargetSchema>;

export const loreLinkSchema = loreTargetSchema.extend({
  /** As the reader's language calls it; empty for the user, who is everywhere. */
  name: z.string(),
});
export type LoreLink = z.infer<typeof loreLinkSchema>;

export const lorebookSummarySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    mode: loreModeSchema,
    entryCount: z.int().nonnegative(),
    targets: z.array(loreLinkSchema),
    revision: z.int().positive(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'LorebookSummary' });
export type LorebookSummary = z.infer<typeof lorebookSummarySchema>;

export const lorebookSchema = lorebookSummarySchema.extend({ body: lorebookBodySchema }).meta({ id: 'Lorebook' });
export type Lorebook = z.infer<typeof lorebookSchema>;

/** SillyTavern's world-info settings by their names in its settings file; each may be left out. */
export const loreSettingOverridesSchema = z
  .object({
    world_info_depth: z.number().min(0).max(1000),
    world_info_min_activations: z.number().min(0).max(1000),
    /** 0 = as deep as the chat goes. */
    world_info_min_activations_depth_max: z.number().min(0).max(1000),
    /** Percent of the context. */
    world_info_budget: z.number().min(0).max(100),
    /** Tokens; 0 = no cap. */
    world_info_budget_cap: z.number().min(0),
    world_info_include_names: z.boolean(),
    world_info_recursive: z.boolean(),
    world_info_case_sensitive: z.boolean(),
    world_info_match_whole_words: z.boolean(),
    world_info_use_group_scoring: z.boolean(),
    /** 0 evenly, 1 character first, 2 global first. */
    world_info_character_strategy: z.number().int().min(0).max(2),
    /** 0 = no limit. */
    world_info_max_recursion_steps: z.number().min(0).max(1000),
    world_info_overflow_alert: z.boolean(),
  })
  .partial();

const settings = loreSettingOverridesSchema.required().shape;
/** The same with SillyTavern's shipped values for what is left out. */
export const loreSettingsSchema = z
  .object({
    world_info_depth: settings.world_info_depth.default(2),
    world_info_min_activations: settings.world_info_min_activations.default(0),
    world_info_min_activations_depth_max: settings.world_info_min_activations_depth_max.default(0),
    world_info_budget: settings.world_info_budget.default(25),
    world_info_budget_cap: settings.world_info_budget_cap.default(0),
    world_info_include_names: settings.world_info_include_names.default(true),
    world_info_recursive: settings.world_info_recursive.default(true),
    world_info_case_sensitive: settings.world_info_case_sensitive.default(false),
    world_info_match_whole_words: settings.world_info_match_whole_words.default(true),
    world_info_use_group_scoring: settings.world_info_use_group_scoring.default(false),
    world_info_character_strategy: settings.world_info_character_strategy.default(1),
    world_info_max_recursion_steps: settings.world_info_max_recursion_steps.default(0),
    world_info_overflow_alert: settings.world_info_overflow_alert.default(false),
  })
  .meta({ id: 'LoreSettings' });
export type LoreSettings = z.output<typeof loreSettingsSchema>;

/** Why an entry fired, in a word the page translates. */
export const loreReasonSchema = z.enum([
  'constant',
  'key',
  'secondary-key',
  'regex',
  'recursion',
  'sticky',
  'decorator',
  'forced',
  'vector',
]);
/** Why an entry that matched is not in the prompt. */
export const loreCutReasonSchema = z.enum([
  'budget',
  'group',
  'probability',
  'cooldown',
  'delay',
  'priority',
  'duplicate',
  'empty',
  'context',
  'regex-timeout',
]);

export const loreFiredSchema = z.object({
  /** The book's id, or `character` for the card's own. */
  bookId: z.string(),
  bookName: z.string(),
  uid: z.string(),
  name: z.string(),
  position: z.string(),
  depth: z.number().nullable(),
  order: z.number(),
  reason: loreReasonSchema,
  /** The key or pattern that matched, as written. */
  key: z.string().nullable(),
  tokens: z.number().nonnegative(),
});
export type LoreFired = z.infer<typeof loreFiredSchema>;
export const loreCutSchema = z.object({
  bookId: z.string(),
  bookName: z.string(),
  uid: z.string(),
  name: z.string(),
  order: z.number(),
  reason: loreCutReasonSchema,
  tokens: z.number().nonnegative(),
});
export type LoreCut = z.infer<typeof loreCutSchema>;

export const saveLorebookSchema = z
  .strictObject({
    body: lorebookBodySchema,
    /** The revision the editor looked at; a newer one refuses. Absent when the book is new. */
    expectedRevision: z.int().positive().optional(),
  })
  .meta({ id: 'SaveLorebook' });

/** A lorebook file of any known kind, as base64; at most 24 MiB decoded. */
export const importLorebookSchema = z
  .strictObject({
    fileName: z.string().max(255),
    data: z
      .string()
      .max(33_600_000)
      .regex(/^[A-Za-z0-9+/=]+$/),
    /** Absent = chosen from what the file carries. */
    mode: loreModeSchema.optional(),
  })
  .meta({ id: 'ImportLorebook' });

export const linkLorebookSchema = z.strictObject({ target: loreTargetSchema }).meta({ id: 'LinkLorebook' });

/** The live tester: which entries fire on these words. */
export const testLoreSchema = z
  .strictObject({
    /** A book as it stands in the editor; absent = the stored one. */
    body: lorebookBodySchema.optional(),
    bookId: idSchema.optional(),
    /** Who is spoken with: its words, its name, and the persona worn with it. */
    characterId: idSchema.optional(),
    /** Oldest first. */
    messages: z
      .array(
        z.strictObject({
          name: optionalTextSchema(500),
          text: textSchema(100_000),
          role: loreRoleSchema.default('user'),
        }),
      )
      .max(1000),
    settings: loreSettingOverridesSchema.default({}),
    seed: z.int().nonnegative().default(1),
    /** Tokens the model can see, for budgets; absent = the house's model's. */
    contextLength: z.int().positive().max(10_000_000).optional(),
  })
  .meta({ id: 'TestLore' });
export type TestLore = z.input<typeof testLoreSchema>;
export const testedLoreSchema = z
  .object({
    fired: z.array(loreFiredSchema),
    cut: z.array(loreCutSchema),
    /** Text per position; a depth or the name of an outlet stands behind it (`at-depth:4`). */
    text: z.record(z.string(), z.string()),
    budget: z.number().nonnegative(),
    used: z.number().nonnegative(),
    /** False where tokens are estimated. */
    exact: z.boolean(),
    /** Where keys stand in the messages, as far as that is known: UTF-16 places in the text of `messages[message]`. */
    matches: z.array(
      z.object({
        bookId: z.string(),
        uid: z.string(),
        message: z.int().nonnegative(),
        start: z.int().nonnegative(),
        end: z.int().nonnegative(),
      }),
    ),
  })
  .meta({ id: 'TestedLore' });
export type TestedLore = z.infer<typeof testedLoreSchema>;
