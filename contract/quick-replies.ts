import { z } from 'zod';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';

/** Sets of one person, and buttons of one set: more than anybody looks through. */
export const MOST_QUICK_REPLY_SETS = 100;
export const MOST_QUICK_REPLIES = 100;

/** A button above the message box. */
export const quickReplySchema = z.strictObject({
  label: textSchema(60),
  /** Put into the box or sent; its macros are filled in where a sent message's are. */
  text: textSchema(20_000),
  /** Sent at once; else it stands in the box to be changed. */
  send: z.boolean().default(false),
});
export type QuickReply = z.output<typeof quickReplySchema>;

/** Where a set is shown: in every conversation, in those with one character, or in one. */
export const quickReplyScopeSchema = z.enum(['everywhere', 'character', 'conversation']);
export type QuickReplyScope = z.infer<typeof quickReplyScopeSchema>;

const scoped = {
  scope: quickReplyScopeSchema.default('everywhere'),
  /** The character or conversation; null everywhere. */
  subjectId: idSchema.nullable().default(null),
};

export const quickReplySetSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    ...scoped,
    /** False: kept, but not shown. */
    on: z.boolean(),
    replies: z.array(z.object({ label: z.string(), text: z.string(), send: z.boolean() })),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'QuickReplySet' });
export type QuickReplySet = z.output<typeof quickReplySetSchema>;

export const quickReplySetListSchema = z
  .object({ sets: z.array(quickReplySetSchema) })
  .meta({ id: 'QuickReplySetList' });

export const saveQuickReplySetSchema = z
  .strictObject({
    name: textSchema(100),
    ...scoped,
    on: z.boolean().default(true),
    replies: z.array(quickReplySchema).max(MOST_QUICK_REPLIES).default([]),
  })
  .meta({ id: 'SaveQuickReplySet' });
export type SaveQuickReplySet = z.output<typeof saveQuickReplySetSchema>;

export const importQuickRepliesSchema = z
  .strictObject({
    /** The text of a file: SillyTavern's quick-reply set (versions 1 and 2), or ours. */
    file: optionalTextSchema(2_000_000),
    ...scoped,
  })
  .meta({ id: 'ImportQuickReplies' });
export type ImportQuickReplies = z.output<typeof importQuickRepliesSchema>;

export const importedQuickRepliesSchema = z
  .object({
    set: quickReplySetSchema,
    /** Buttons that were left out, with the reason. */
    skipped: z.array(z.object({ label: z.string(), reason: z.enum(['empty', 'script', 'too-many']) })),
  })
  .meta({ id: 'ImportedQuickReplies' });
