import { z } from 'zod';
import { characterSummarySchema } from './characters.ts';
import { idSchema, localeSchema, textSchema, timeSchema } from './common.ts';
import { conversationMemorySchema } from './memory.ts';
import { conversationMarkSchema } from './organising.ts';
import { messageSchema, messageStateSchema } from './messages.ts';
import { presentPersonaSchema } from './personas.ts';
import { authorsNoteSchema } from './prompts.ts';
import { beginInWorldSchema, sceneSchema } from './worlds.ts';
import { participantSchema, presenceSchema, roomRunSchema, roomSettingsSchema } from './rooms.ts';
import { placedToolSchema } from './tool-parts.ts';

/** `model` leaves every value to the model's own defaults. */
export const samplingPresetSchema = z.enum(['model', 'steady', 'balanced', 'lively']);
export type SamplingPreset = z.infer<typeof samplingPresetSchema>;

export const conversationSchema = z
  .object({
    id: idSchema,
    title: z.string(),
    /** False while the title is only the character's name. */
    titled: z.boolean(),
    /** The one it began with. */
    character: characterSummarySchema,
    /** Everybody who is or was part of it, in the order of the list. */
    participants: z.array(participantSchema),
    /** Null while one human talks with one character. */
    room: roomSettingsSchema.nullable(),
    /** Where in a world it happens; null = in none. */
    scene: sceneSchema.nullable(),
    /** Who the reader is in it; null in old imports. */
    seatId: idSchema.nullable(),
    /** False for guests, who may not change it. */
    mine: z.boolean(),
    /** True when the character has a newer version than the one pinned here. */
    newerVersion: z.boolean(),
    locale: localeSchema,
    /** The end of the active path. */
    leafId: idSchema.nullable(),
    /** Grows by one with every change of the active path. */
    revision: z.int().nonnegative(),
    messageCount: z.int().nonnegative(),
    /** The last message's first words, plain. */
    preview: z.string(),
    /** A model reference, or null for the house default. */
    model: z.string().nullable(),
    preset: samplingPresetSchema,
    /** Of the owner or the house; null = the house's own. */
    promptPresetId: idSchema.nullable(),
    /** Who the person is here; null where only the account's name says it. */
    persona: presentPersonaSchema.nullable(),
    authorsNote: authorsNoteSchema.nullable(),
    memory: conversationMemorySchema,
    /** How the reader keeps it. */
    mark: conversationMarkSchema,
    replying: z.boolean(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof conversationSchema>;

export const conversationListSchema = z
  .object({ conversations: z.array(conversationSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'ConversationList' });
export type ConversationList = z.infer<typeof conversationListSchema>;

export const createConversationSchema = z
  .strictObject({
    characterId: idSchema,
    /** Characters that are there from the beginning besides: the conversation is a room. */
    characterIds: z.array(idSchema).min(1).max(12).optional(),
    locale: localeSchema.optional(),
    /** Made by the client; the same id again returns the same conversation. */
    clientId: idSchema.optional(),
    /** Which of the character's greetings stands at the beginning, from 0; the others stay a swipe away. */
    greeting: z.int().min(0).max(1000).optional(),
    /** Where it happens from the first word on. */
    scene: beginInWorldSchema.optional(),
  })
  .meta({ id: 'CreateConversation' });
export type CreateConversation = z.input<typeof createConversationSchema>;

export const updateConversationSchema = z
  .strictObject({
    title: textSchema(200),
    model: z
      .string()
      .max(300)
      .regex(/^[^\p{Cc}\p{Cs}]+$/u)
      .nullable(),
    preset: samplingPresetSchema,
    promptPresetId: idSchema.nullable(),
    /** Moves the pinned character version to its newest. */
    characterVersion: z.literal('newest'),
    authorsNote: authorsNoteSchema.nullable(),
    memory: conversationMemorySchema,
  })
  .partial()
  .meta({ id: 'UpdateConversation' });
export type UpdateConversation = z.infer<typeof updateConversationSchema>;

/** A reply under way as it stands, for a watcher who has just come. */
export const streamingReplySchema = z.object({
  messageId: idSchema,
  text: z.string(),
  reasoning: z.string(),
  /** Calls of tools by their place in the text. */
  tools: z.array(placedToolSchema).default([]),
  progress: z
    .object({ evaluated: z.int().nonnegative(), reused: z.int().nonnegative(), total: z.int().nonnegative() })
    .nullable(),
});
export type StreamingReply = z.infer<typeof streamingReplySchema>;

/**
 * What a watcher of a conversation receives (server-sent events; `data` is one of these as JSON).
 * The first is always a snapshot, so a watcher who reconnects has missed nothing.
 */
export const conversationEventSchema = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('conversation-snapshot'),
      conversation: conversationSchema,
      streaming: z.array(streamingReplySchema),
      presence: z.array(presenceSchema).default([]),
      run: roomRunSchema.nullable().default(null),
    }),
    z.object({ type: z.literal('presence-change'), presence: z.array(presenceSchema) }),
    z.object({ type: z.literal('room-run'), run: roomRunSchema }),
    z.object({ type: z.literal('conversation-change'), conversation: conversationSchema }),
    z.object({ type: z.literal('conversation-delete'), conversationId: idSchema }),
    /** What an author said before now stands under another name. */
    z.object({ type: z.literal('author-rename'), authorId: idSchema, name: z.string() }),
    z.object({ type: z.literal('message-commit'), message: messageSchema }),
    z.object({ type: z.literal('message-change'), message: messageSchema }),
    /** Many messages at once; `messageIds` null = so many that whoever knows some reads them again. */
    z.object({
      type: z.literal('messages-change'),
      change: z.enum(['delete', 'restore', 'hide', 'show']),
      messageIds: z.array(idSchema).nullable(),
    }),
    z.object({ type: z.literal('reply-start'), message: messageSchema }),
    z.object({
      type: z.literal('prompt-progress'),
      messageId: idSchema,
      evaluated: z.int().nonnegative(),
      reused: z.int().nonnegative(),
      total: z.int().nonnegative(),
    }),
    z.object({ type: z.literal('text-delta'), messageId: idSchema, text: z.string() }),
    z.object({ type: z.literal('reasoning-delta'), messageId: idSchema, text: z.string() }),
    /** A tool is called, or a call got further; `part.callId` says which. */
    placedToolSchema.extend({ type: z.literal('tool-change'), messageId: idSchema }),
    z.object({
      type: z.literal('reply-end'),
      messageId: idSchema,
      state: messageStateSchema.exclude(['streaming']),
      message: messageSchema,
    }),
  ])
  .meta({ id: 'ConversationEvent' });
export type ConversationEvent = z.infer<typeof conversationEventSchema>;
