import { z } from 'zod';
import { depthPromptSchema } from './character-fields.ts';
import { localeSchema, optionalTextSchema } from './common.ts';

/** What a model can write of a card. `alternateGreeting` is one more way to begin. */
export const draftFieldSchema = z.enum([
  'name',
  'description',
  'tagline',
  'personality',
  'scenario',
  'greeting',
  'alternateGreeting',
  'exampleDialogue',
  'tags',
]);
export type DraftField = z.infer<typeof draftFieldSchema>;

const known = (max: number) => optionalTextSchema(max).default('');

/** What is in the editor already; a model reads it before it writes the rest. */
export const knownFieldsSchema = z.strictObject({
  name: known(500),
  tagline: known(100_000),
  description: known(200_000),
  personality: known(100_000),
  scenario: known(100_000),
  greeting: known(200_000),
  alternateGreetings: z.array(optionalTextSchema(200_000)).max(1000).default([]),
  exampleDialogue: known(200_000),
  tags: z.array(optionalTextSchema(10_000)).max(1000).default([]),
});
export type KnownFields = z.output<typeof knownFieldsSchema>;

export const draftCharacterSchema = z
  .strictObject({
    /** Who it shall be, in a sentence or a few; may be empty where fields say it already. */
    idea: known(4000),
    /** Written in this order. */
    fields: z.array(draftFieldSchema).min(1).max(9),
    known: knownFieldsSchema.default(() => knownFieldsSchema.parse({})),
    /** What shall be different, when one field is written again. */
    wish: known(1000),
    /** The language to write in. */
    locale: localeSchema,
  })
  .meta({ id: 'DraftCharacter' });
export type DraftCharacter = z.input<typeof draftCharacterSchema>;

const failureSchema = z.object({ code: z.string(), message: z.string(), retryable: z.boolean() });
export const endSchema = z.object({
  state: z.enum(['done', 'stopped', 'failed']),
  failure: failureSchema.nullable(),
});

/** A draft as it comes into being. `draft-end` is always the last part. */
export const draftPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('draft-start'), model: z.object({ label: z.string(), fallback: z.boolean() }) }),
  z.object({ type: z.literal('draft-field-start'), field: draftFieldSchema }),
  z.object({ type: z.literal('draft-field-delta'), field: draftFieldSchema, text: z.string() }),
  /** The whole field, tidied; it replaces what the deltas showed. Tags are separated by commas. */
  z.object({ type: z.literal('draft-field-end'), field: draftFieldSchema, text: z.string() }),
  z.object({ type: z.literal('draft-end'), ...endSchema.shape }),
]);
export type DraftPart = z.infer<typeof draftPartSchema>;

/** Texts to count for the model in use, by a name of the caller's. */
export const countTokensSchema = z
  .strictObject({
    texts: z
      .record(z.string().max(100), z.string().max(1_000_000))
      .refine((texts) => Object.keys(texts).length <= 300, { message: 'These are more than 300 texts.' }),
  })
  .meta({ id: 'CountTokens' });
export const countedTokensSchema = z
  .object({
    counts: z.record(z.string(), z.int().nonnegative()),
    /** False where the model's tokenizer is elsewhere, so that the counts are estimates. */
    exact: z.boolean(),
    /** Tokens the model can see; null while there is no model. */
    contextLength: z.int().positive().nullable(),
    /** The model's name; null while there is none. */
    model: z.string().nullable(),
  })
  .meta({ id: 'CountedTokens' });
export type CountedTokens = z.infer<typeof countedTokensSchema>;

/** A few words with a character as it stands in the editor. Nothing of it is kept. */
export const previewSchema = z
  .strictObject({
    fields: z.strictObject({
      name: optionalTextSchema(500),
      nickname: known(500),
      description: known(1_000_000),
      personality: known(1_000_000),
      scenario: known(1_000_000),
      exampleDialogue: known(1_000_000),
      systemPrompt: known(1_000_000),
      postHistoryInstructions: known(1_000_000),
      depthPrompt: depthPromptSchema.nullable().default(null),
    }),
    /** Oldest first, the greeting among them; the last one is a person's. */
    messages: z
      .array(z.strictObject({ author: z.enum(['user', 'character']), text: optionalTextSchema(100_000) }))
      .min(1)
      .max(200)
      .refine((messages) => messages.at(-1)?.author === 'user', { message: 'The last message must be a person’s.' }),
    locale: localeSchema,
  })
  .meta({ id: 'Preview' });
export type Preview = z.input<typeof previewSchema>;

/** `preview-end` is always the last part. */
export const previewPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('preview-start'), model: z.object({ label: z.string(), fallback: z.boolean() }) }),
  z.object({ type: z.literal('preview-delta'), text: z.string() }),
  z.object({ type: z.literal('preview-end'), ...endSchema.shape }),
]);
export type PreviewPart = z.infer<typeof previewPartSchema>;
