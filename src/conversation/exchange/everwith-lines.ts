import { z } from 'zod';
import { ALT_LENGTH } from '../../../contract/attachments.ts';
import { branchMarkKindSchema } from '../../../contract/branches.ts';
import { optionalTextSchema, timeSchema } from '../../../contract/common.ts';
import { samplingPresetSchema } from '../../../contract/conversations.ts';
import { conversationMemorySchema } from '../../../contract/memory.ts';
import { messagePartSchema, messageStateSchema } from '../../../contract/messages.ts';
import { authorsNoteSchema } from '../../../contract/prompts.ts';
import { mannerSchema, participantRoleSchema, roomSettingsSchema } from '../../../contract/rooms.ts';

/**
 * A conversation as Everwith writes it, JSON by the line: a head, then files, then messages, parents before their
 * children. Messages name each other by their number, from 0; people by keys that mean something in the file only.
 */
export const EVERWITH_SPEC = 'everwith-conversation';
/** Bytes of a file in one line, before base64: a line stays far below what is read at once. */
export const FILE_LINE_BYTES = 3 * 1024 * 1024;

const MOST_PARTICIPANTS = 200;
const MOST_MARKS = 500;
const MOST_PARTS = 500;
const MOST_FILES = 10_000;

const keySchema = z.string().regex(/^[\w-]{1,40}$/);
const numberSchema = z.int().nonnegative();
const nameSchema = optionalTextSchema(200);

const participantSchema = z.object({
  key: keySchema,
  kind: z.enum(['human', 'character']),
  role: participantRoleSchema,
  name: nameSchema,
  /** Hears what was said to everyone. */
  fromStart: z.boolean(),
  muted: z.boolean(),
  talkativeness: z.int().min(0).max(100),
  position: z.int().min(0).max(100_000),
  createdAt: timeSchema,
  leftAt: timeSchema.nullable(),
});
export type EverwithParticipant = z.infer<typeof participantSchema>;

export const everwithHeadSchema = z.object({
  spec: z.literal(EVERWITH_SPEC),
  version: z.literal(1),
  /** Null while its title is the character's name. */
  title: optionalTextSchema(200).nullable(),
  characterName: nameSchema,
  userName: nameSchema,
  /** Whom it began with. */
  character: keySchema.nullable(),
  locale: z.enum(['en', 'zh-CN']),
  createdAt: timeSchema,
  memory: conversationMemorySchema,
  preset: samplingPresetSchema,
  authorsNote: authorsNoteSchema.nullable(),
  room: roomSettingsSchema.nullable(),
  /** The world it happens in, if the reader has it. */
  world: z.object({ id: z.string().max(128), name: nameSchema }).nullable(),
  participants: z.array(participantSchema).max(MOST_PARTICIPANTS),
  /** True where the bytes of its files came along. */
  files: z.boolean(),
  /** The message at which the path ends. */
  end: numberSchema.nullable(),
  marks: z
    .array(
      z.object({
        message: numberSchema,
        kind: branchMarkKindSchema,
        name: optionalTextSchema(80),
        createdAt: timeSchema,
      }),
    )
    .max(MOST_MARKS),
  /** What an import from another program said of it. */
  foreign: z.record(z.string(), z.unknown()).nullable(),
});
export type EverwithHead = z.infer<typeof everwithHeadSchema>;

export const everwithFileSchema = z.object({
  type: z.literal('file'),
  key: keySchema,
  name: nameSchema,
  mediaType: z.string().max(200),
  alt: optionalTextSchema(ALT_LENGTH),
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Lines with its bytes that follow at once; 0 = it was left behind. */
  lines: z.int().min(0).max(MOST_FILES),
});
export type EverwithFile = z.infer<typeof everwithFileSchema>;

export const everwithBytesSchema = z.object({ type: z.literal('file-bytes'), key: keySchema, data: z.base64() });

const stageSchema = z.object({
  /** Who is there, each with the door it is behind. */
  present: z.array(z.tuple([keySchema, optionalTextSchema(100)])).max(MOST_PARTICIPANTS),
  placeId: z.string().max(128).nullable(),
  time: optionalTextSchema(200).nullable(),
});
export type EverwithStage = z.infer<typeof stageSchema>;

export const everwithMessageSchema = z.object({
  type: z.literal('message'),
  parent: numberSchema.nullable(),
  /** True where the path of its parent goes on with it. */
  chosen: z.boolean(),
  author: z.object({
    kind: z.enum(['human', 'character', 'narrator']),
    participant: keySchema.nullable(),
    name: nameSchema,
  }),
  /** Files are named by their keys in `attachmentId`. */
  parts: z.array(messagePartSchema).max(MOST_PARTS),
  state: messageStateSchema,
  failure: z
    .object({ code: z.string().max(100), message: optionalTextSchema(10_000), retryable: z.boolean() })
    .nullable(),
  editOf: numberSchema.nullable(),
  hidden: z.boolean(),
  audience: z.union([z.literal('everyone'), z.array(keySchema).max(MOST_PARTICIPANTS)]),
  manner: mannerSchema,
  /** Who is there from here on; null = as before. */
  stage: stageSchema.nullable(),
  createdAt: timeSchema,
  foreign: z.record(z.string(), z.unknown()).nullable(),
});
export type EverwithMessage = z.infer<typeof everwithMessageSchema>;
