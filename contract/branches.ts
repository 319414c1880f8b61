import { z } from 'zod';
import { idSchema, optionalTextSchema, textSchema, timeSchema } from './common.ts';
import { messageSchema } from './messages.ts';

/**
 * A name on a place of the tree. `branch`: the branch through that message, down to where it was left. `checkpoint`:
 * that very message, to come back to; what was said after it stays as a branch of its own.
 */
export const branchMarkKindSchema = z.enum(['branch', 'checkpoint']);
export type BranchMarkKind = z.infer<typeof branchMarkKindSchema>;

export const branchMarkSchema = z
  .object({
    id: idSchema,
    messageId: idSchema,
    kind: branchMarkKindSchema,
    /** Empty = nobody named it: pages say where it stands, in the reader's language. */
    name: z.string(),
    /** Position of the message on its path: the first is 0. */
    depth: z.int().nonnegative(),
    /** The first words of the message; empty where it was deleted or not heard. */
    words: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'BranchMark' });
export type BranchMark = z.infer<typeof branchMarkSchema>;

/** A conversation at the other end of a link, and the message of this one at which they part. */
export const branchLinkSchema = z.object({
  conversationId: idSchema,
  title: z.string(),
  messageId: idSchema,
  createdAt: timeSchema,
});
export type BranchLink = z.infer<typeof branchLinkSchema>;

/** What was named in a conversation, and the conversations it came from and led to. */
export const branchesSchema = z
  .object({
    marks: z.array(branchMarkSchema),
    /** Where it was branched off from; null where it began by itself, or its origin is gone. */
    origin: branchLinkSchema.nullable(),
    /** Conversations that were branched off from it, oldest first. */
    offshoots: z.array(branchLinkSchema),
  })
  .meta({ id: 'Branches' });
export type Branches = z.infer<typeof branchesSchema>;

const markNameSchema = optionalTextSchema(80);

export const createBranchMarkSchema = z
  .strictObject({ messageId: idSchema, kind: branchMarkKindSchema, name: markNameSchema.default('') })
  .meta({ id: 'CreateBranchMark' });
export type CreateBranchMark = z.input<typeof createBranchMarkSchema>;

export const renameBranchMarkSchema = z.strictObject({ name: markNameSchema }).meta({ id: 'RenameBranchMark' });

/** Copies the path down to `messageId` into a conversation of its own. */
export const branchOffSchema = z
  .strictObject({
    messageId: idSchema,
    title: textSchema(200).optional(),
    /** Made by the client; the same id again returns the same conversation. */
    clientId: idSchema.optional(),
  })
  .meta({ id: 'BranchOff' });
export type BranchOff = z.infer<typeof branchOffSchema>;

/** A stretch of the tree without forks. */
export const treeRunSchema = z.object({
  /** Its first message. */
  id: idSchema,
  /** Its last message: the first again where it is alone. */
  lastId: idSchema,
  /** Place of the run it hangs on in the list; -1 for those that begin the conversation. Parents come first. */
  parent: z.int().min(-1),
  /** Of the first message on its path. */
  depth: z.int().nonnegative(),
  /** Messages in it. */
  length: z.int().positive(),
  /** How many of them, from the first, the active path runs through. */
  active: z.int().nonnegative(),
  by: z.enum(['human', 'character', 'narrator']),
  /** Who wrote the first; empty where it is withheld. */
  name: z.string(),
  /** First words of the first message; empty where it was deleted or not heard. */
  words: z.string(),
  /** Not `whole` where the first message was deleted or not heard. */
  state: z.enum(['whole', 'deleted', 'withheld']),
  /** When its last message was written. */
  at: timeSchema,
});
export type TreeRun = z.infer<typeof treeRunSchema>;

/** The whole tree of a conversation, folded. Branches of which everything was deleted are left out. */
export const conversationTreeSchema = z
  .object({
    revision: z.int().nonnegative(),
    leafId: idSchema.nullable(),
    /** Messages in the runs. */
    messages: z.int().nonnegative(),
    runs: z.array(treeRunSchema),
    /** Names that stand in a run, by its place. */
    marks: z.array(branchMarkSchema.extend({ run: z.int().nonnegative() })),
  })
  .meta({ id: 'ConversationTree' });
export type ConversationTree = z.infer<typeof conversationTreeSchema>;

/** Where messages with some words are: places of runs in the tree of the same revision, at most 500, in their order. */
export const treeMatchesSchema = z
  .object({
    revision: z.int().nonnegative(),
    matches: z.array(z.object({ messageId: idSchema, run: z.int().nonnegative() })),
  })
  .meta({ id: 'TreeMatches' });
export type TreeMatches = z.infer<typeof treeMatchesSchema>;

export const comparedBranchSchema = z.object({
  /** The message that was asked for. */
  endId: idSchema,
  /** Messages after the last common one. */
  length: z.int().nonnegative(),
  /** The first of them, oldest first. */
  messages: z.array(messageSchema),
  /** The last message; null where the branch ends at the common one. */
  last: messageSchema.nullable(),
});
export type ComparedBranch = z.infer<typeof comparedBranchSchema>;

/** Two branches from the last message they have in common. */
export const branchComparisonSchema = z
  .object({
    /** Null where they have none: they begin with different greetings. */
    common: messageSchema.nullable(),
    left: comparedBranchSchema,
    right: comparedBranchSchema,
  })
  .meta({ id: 'BranchComparison' });
export type BranchComparison = z.infer<typeof branchComparisonSchema>;

/** The versions of one message, oldest first. */
export const alternativesSchema = z
  .object({ messages: z.array(messageSchema), total: z.int().nonnegative() })
  .meta({ id: 'Alternatives' });

/** Messages that may be named one by one in a change of many. */
export const MOST_NAMED_MESSAGES = 1000;

/**
 * Which messages: those named, or those of the active path from `fromId` to `toId` (its beginning and end where they
 * are absent); of these only what one kind of author said, where `by` is given.
 */
export const messageSelectionSchema = z.strictObject({
  messageIds: z.array(idSchema).min(1).max(MOST_NAMED_MESSAGES).optional(),
  fromId: idSchema.optional(),
  toId: idSchema.optional(),
  by: z.enum(['human', 'character', 'narrator']).optional(),
});
export type MessageSelection = z.infer<typeof messageSelectionSchema>;

export const changeMessagesSchema = z
  .strictObject({
    action: z.enum(['delete', 'hide', 'show']),
    selection: messageSelectionSchema,
    expectedRevision: z.int().nonnegative().optional(),
  })
  .meta({ id: 'ChangeMessages' });
export type ChangeMessages = z.infer<typeof changeMessagesSchema>;

/** `batchId` undoes all of it at once; null where nothing had to change. */
export const changedMessagesSchema = z
  .object({ batchId: idSchema.nullable(), changed: z.int().nonnegative(), revision: z.int().nonnegative() })
  .meta({ id: 'ChangedMessages' });
export type ChangedMessages = z.infer<typeof changedMessagesSchema>;
