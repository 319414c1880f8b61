import { z } from 'zod';
import { ALT_LENGTH, ATTACHMENTS_PER_MESSAGE, citationSchema, filesReceiptSchema } from './attachments.ts';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';
import { loreCutSchema, loreFiredSchema } from './lore.ts';
import { memoryReceiptSchema } from './memory.ts';
import { audienceSchema, mannerSchema, storyEventSchema, turnChoiceSchema } from './rooms.ts';
import { toolCallStateSchema, toolPartSchema } from './tool-parts.ts';
import { spokenTimingsSchema } from './voice.ts';

/** What a message is made of. Reasoning is a model's thinking: shown folded, never sent back. */
export const messagePartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('reasoning'), text: z.string() }),
  z.object({ type: z.literal('note'), text: z.string() }),
  /** Something that happened: who it happened to by name, and the place or time where that is what changed. */
  z.object({
    type: z.literal('event'),
    event: storyEventSchema,
    names: z.array(z.string()),
    detail: z.string(),
  }),
  toolPartSchema,
  /** How the words were said: in a call, or as a voice message. Never sent to a model. */
  z.object({
    type: z.literal('voice'),
    /** The call it was said in; null for a voice message. */
    callId: idSchema.nullable(),
    /** True where a recording of it is kept. */
    recorded: z.boolean(),
    durationInMs: z.number().nonnegative(),
    /** The listener spoke before the end: the words are those that were heard. */
    interrupted: z.boolean(),
  }),
  /** A file that came with the message; models are given the passages of it that matter. */
  z.object({
    type: z.literal('file'),
    attachmentId: idSchema,
    name: z.string(),
    mediaType: z.string(),
    /** Bytes. */
    size: z.int().nonnegative(),
  }),
  z.object({
    type: z.literal('image'),
    attachmentId: idSchema,
    url: z.string(),
    name: z.string(),
    mediaType: z.string(),
    width: z.int().positive(),
    height: z.int().positive(),
    /** What it shows, for those who cannot see it. */
    alt: z.string().max(ALT_LENGTH),
  }),
  /** The passages that a reply names as `[n]`. Never sent to a model. */
  z.object({ type: z.literal('citations'), passages: z.array(citationSchema) }),
]);
export type MessagePart = z.infer<typeof messagePartSchema>;

export const messageStateSchema = z.enum(['streaming', 'done', 'stopped', 'failed', 'interrupted']);
export type MessageState = z.infer<typeof messageStateSchema>;

export const messageSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    parentId: idSchema.nullable(),
    /** Position on its path: the first message is 0. */
    depth: z.int().nonnegative(),
    /** The id is empty for what nobody said: events, and messages that the reader did not hear. */
    author: z.object({
      kind: z.enum(['human', 'character', 'narrator']),
      id: z.union([idSchema, z.literal('')]),
      name: z.string(),
    }),
    parts: z.array(messagePartSchema),
    state: messageStateSchema,
    /** Why a failed reply failed, in the words of the one error shape. */
    failure: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    /** The message this one is an edited form of. */
    editOf: idSchema.nullable(),
    /** A deleted message stays in its place without its text until it is restored or purged. */
    deleted: z.boolean(),
    createdAt: timeSchema,
    /** Ids of the messages that share its parent, oldest first, itself among them. */
    siblings: z.array(idSchema),
    hasReceipt: z.boolean(),
    /** True when it is shown to people but never sent to a model. */
    hidden: z.boolean(),
    /** Who heard it. */
    audience: audienceSchema,
    manner: mannerSchema,
    /** True where the reader did not hear it: it stands in its place without words or author. */
    withheld: z.boolean(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof messageSchema>;

/** The active path, oldest first. `before` of the next older page is the first message's id. */
export const messagePageSchema = z
  .object({
    messages: z.array(messageSchema),
    /** Messages on the whole active path. */
    total: z.int().nonnegative(),
    hasOlder: z.boolean(),
    /** True where the path goes on below the last of these; only pages after or around a message say so. */
    hasNewer: z.boolean().default(false),
    /** False where these are of another branch than the active path. */
    onPath: z.boolean().default(true),
    revision: z.int().nonnegative(),
  })
  .meta({ id: 'MessagePage' });
export type MessagePage = z.infer<typeof messagePageSchema>;

/** 100,000 UTF-16 units: far above what a person types, far below what harms. */
export const MESSAGE_TEXT_LIMIT = 100_000;

export const sendMessageSchema = z
  .strictObject({
    /** May be empty where files say enough. */
    text: optionalTextSchema(MESSAGE_TEXT_LIMIT),
    /** Made by the client; sending the same id again returns the first result. */
    clientId: idSchema,
    /** The conversation revision the writer looked at; a newer one refuses. Absent = append to whatever is there. */
    expectedRevision: z.int().nonnegative().optional(),
    /** False commits the message without asking for a reply. */
    reply: z.boolean().default(true),
    /** Whispers to these participants only; none = an aside that nobody else hears. Absent = to all who are there. */
    to: z.array(idSchema).max(50).optional(),
    /** Characters that are to answer, in this order, whatever the room's turn order says. */
    speakers: z.array(idSchema).min(1).max(12).optional(),
    /** Files that were given to the conversation and go with the message. */
    attachments: z.array(idSchema).max(ATTACHMENTS_PER_MESSAGE).optional(),
  })
  .refine(({ text, attachments = [] }) => text.trim() !== '' || attachments.length > 0, {
    path: ['text'],
    message: 'The text is empty.',
  })
  .meta({ id: 'SendMessage' });
export type SendMessage = z.input<typeof sendMessageSchema>;

/** `reply` is null when none was asked for. */
export const sentMessageSchema = z
  .object({ message: messageSchema, reply: messageSchema.nullable(), revision: z.int().nonnegative() })
  .meta({ id: 'SentMessage' });
export type SentMessage = z.infer<typeof sentMessageSchema>;

/**
 * `regenerate` adds a sibling of `messageId` (a character's message); `continue` adds a sibling that begins with its
 * text and goes on; `answer` replies to `messageId` (a human's message, the path's end); `speak` lets a character of
 * a room go on below `messageId`, the path's end, whoever wrote it.
 */
export const startReplySchema = z
  .strictObject({
    kind: z.enum(['regenerate', 'continue', 'answer', 'speak']),
    messageId: idSchema,
    /** Who speaks, by participant; absent = the one who spoke before, or whose turn it is. */
    participantId: idSchema.optional(),
    expectedRevision: z.int().nonnegative().optional(),
  })
  .meta({ id: 'StartReply' });
export type StartReply = z.infer<typeof startReplySchema>;
export const startedReplySchema = z
  .object({ reply: messageSchema, revision: z.int().nonnegative() })
  .meta({ id: 'StartedReply' });

export const editMessageSchema = z
  .strictObject({
    text: textSchema(MESSAGE_TEXT_LIMIT),
    expectedRevision: z.int().nonnegative().optional(),
    /** After editing a human's message: ask for a new reply. */
    reply: z.boolean().default(false),
  })
  .meta({ id: 'EditMessage' });
export type EditMessage = z.input<typeof editMessageSchema>;

/** Moves the active path to run through `messageId`, down to the leaf last seen below it. */
export const chooseMessageSchema = z
  .strictObject({
    messageId: idSchema,
    expectedRevision: z.int().nonnegative().optional(),
    /** The path ends at the message itself: what is said next is a new branch beside what followed it. */
    endHere: z.boolean().optional(),
  })
  .meta({ id: 'ChooseMessage' });
export type ChooseMessage = z.infer<typeof chooseMessageSchema>;
export const changedPathSchema = z
  .object({ message: messageSchema, reply: messageSchema.nullable(), revision: z.int().nonnegative() })
  .meta({ id: 'ChangedPath' });
export type ChangedPath = z.infer<typeof changedPathSchema>;

export const receiptSegmentSchema = z.object({
  /** Stable name, translated by the page: `house`, `character`, `scenario`, `examples`, `persona`, `history`, `message`, `continue`. */
  kind: z.string(),
  /** Who put it there: a book and entry, a preset's segment, a persona; absent when the kind says all. */
  owner: z.string().optional(),
  tokens: z.int().nonnegative(),
  /** True when its bytes do not change between turns. */
  stable: z.boolean(),
  /** Messages covered, for history. */
  messages: z.int().nonnegative().optional(),
});

/** Why a reply is what it is. Tokens; milliseconds. */
export const receiptSchema = z
  .object({
    messageId: idSchema,
    model: z.object({ ref: z.string(), label: z.string(), place: z.string(), fallback: z.boolean() }),
    preset: z.string(),
    promptDigest: z.string(),
    /** Absent on receipts older than presets. */
    prompt: z.object({ order: z.enum(['stable', 'classic']), presetName: z.string() }).optional(),
    /** Entries of lorebooks that are in the prompt, and those that matched but are not. */
    lore: z.object({ fired: z.array(loreFiredSchema), cut: z.array(loreCutSchema) }).optional(),
    /** What of earlier talk the reply was given; absent on receipts older than memory. */
    memory: memoryReceiptSchema.optional(),
    /** What of the conversation's files the reply was given; absent where it has none. */
    files: filesReceiptSchema.optional(),
    /** Calls of tools in the order they ended; milliseconds. */
    tools: z
      .array(
        z.object({
          callId: z.string(),
          server: z.string(),
          tool: z.string(),
          state: toolCallStateSchema,
          durationInMs: z.number().nonnegative(),
        }),
      )
      .optional(),
    /** Why it was this character's turn; only in rooms. */
    turn: turnChoiceSchema.optional(),
    segments: z.array(receiptSegmentSchema),
    /** What left the prompt because it did not fit, in the order it left. */
    dropped: z.array(z.object({ kind: z.string(), tokens: z.int().nonnegative(), messages: z.int().nonnegative() })),
    tokens: z.object({
      prompt: z.int().nonnegative(),
      evaluated: z.int().nonnegative().nullable(),
      reused: z.int().nonnegative().nullable(),
      output: z.int().nonnegative(),
      exact: z.boolean(),
      contextLength: z.int().positive(),
    }),
    timings: z.object({
      queueInMs: z.number().nonnegative(),
      promptInMs: z.number().nonnegative().nullable(),
      firstTokenInMs: z.number().nonnegative().nullable(),
      totalInMs: z.number().nonnegative(),
      tokensPerSecond: z.number().nonnegative().nullable(),
    }),
    stateSource: z.enum(['none', 'memory', 'disk']).nullable(),
    retried: z.boolean(),
    finishReason: z.string(),
    /** What it cost, in nano-units (1 unit = 1,000,000,000); absent where that was nothing. */
    cost: z.object({ amount: z.int().positive(), currency: z.string() }).optional(),
    /** Of a spoken turn: when each stage was reached, from the last sample of speech. */
    spoken: spokenTimingsSchema.optional(),
    createdAt: timeSchema,
  })
  .meta({ id: 'Receipt' });
export type Receipt = z.infer<typeof receiptSchema>;
