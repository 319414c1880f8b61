import { z } from 'zod';
import { idSchema, textSchema } from './common.ts';

/** More would be a list nobody finds anything in. */
export const CONVERSATION_TAG_LIMIT = 20;
export const CONVERSATION_FOLDER_LIMIT = 300;
/** Conversations in one change of many. */
const MOST_AT_ONCE = 5000;

export const folderColours = ['ember', 'honey', 'moss', 'teal', 'dusk', 'plum'] as const;
export const folderColourSchema = z.enum(folderColours);
export type FolderColour = z.infer<typeof folderColourSchema>;

/** How the reader keeps a conversation; nobody else sees it. */
export const conversationMarkSchema = z
  .object({
    favourite: z.boolean(),
    pinned: z.boolean(),
    /** Not in the list, and found by every search. */
    archived: z.boolean(),
    folderId: idSchema.nullable(),
    tags: z.array(z.string()),
    /** No notice is given of replies in it. */
    muted: z.boolean(),
    /** Something came since the reader was there. */
    unread: z.boolean(),
  })
  .meta({ id: 'ConversationMark' });
export type ConversationMark = z.infer<typeof conversationMarkSchema>;

export const conversationSortSchema = z.enum(['recent', 'created', 'oldest', 'longest', 'name', 'unread']);
export type ConversationSort = z.infer<typeof conversationSortSchema>;

export const conversationFolderSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    /** Folders lie in a folder at the top, or at the top. */
    parentId: idSchema.nullable(),
    colour: folderColourSchema,
    /** Conversations in it that are not archived. */
    count: z.int().nonnegative(),
  })
  .meta({ id: 'ConversationFolder' });
export type ConversationFolder = z.infer<typeof conversationFolderSchema>;

export const organisedSchema = z
  .object({
    folders: z.array(conversationFolderSchema),
    /** One's own tags with how often each is used, by name. */
    tags: z.array(z.object({ tag: z.string(), count: z.int().positive() })),
    archived: z.int().nonnegative(),
    favourites: z.int().nonnegative(),
  })
  .meta({ id: 'OrganisedConversations' });
export type OrganisedConversations = z.infer<typeof organisedSchema>;

const ids = z.array(idSchema).max(MOST_AT_ONCE);

export const createConversationFolderSchema = z
  .strictObject({
    name: textSchema(80),
    parentId: idSchema.nullable().default(null),
    colour: folderColourSchema.default('ember'),
    /** Its place among its siblings, from 0; at their end where it is left out. */
    position: z.int().min(0).max(1000).optional(),
    /** What lies in it from the beginning. */
    conversationIds: ids.default([]),
    /** Folders of the top that come into it. */
    folderIds: z.array(idSchema).max(CONVERSATION_FOLDER_LIMIT).default([]),
  })
  .meta({ id: 'CreateConversationFolder' });
export const changeConversationFolderSchema = z
  .strictObject({ name: textSchema(80), parentId: idSchema.nullable(), colour: folderColourSchema })
  .partial()
  .meta({ id: 'ChangeConversationFolder' });
export const orderConversationFoldersSchema = z
  .strictObject({ ids: z.array(idSchema).max(CONVERSATION_FOLDER_LIMIT) })
  .meta({ id: 'OrderConversationFolders' });
/** `undo` makes the folder again, with what lay in it. */
export const deletedConversationFolderSchema = z
  .object({
    undo: z.object({
      name: z.string(),
      parentId: idSchema.nullable(),
      colour: folderColourSchema,
      position: z.int(),
      conversationIds: z.array(idSchema),
      folderIds: z.array(idSchema),
    }),
  })
  .meta({ id: 'DeletedConversationFolder' });

/** Answers carry tags as they are kept, requests as somebody wrote them. */
function actionOf<Tag extends z.ZodType<string, string>>(tag: Tag) {
  const tagList = z.array(tag).min(1).max(CONVERSATION_TAG_LIMIT);
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('favourite'), value: z.boolean() }),
    z.strictObject({ type: z.literal('pin'), value: z.boolean() }),
    z.strictObject({ type: z.literal('archive'), value: z.boolean() }),
    z.strictObject({ type: z.literal('mute'), value: z.boolean() }),
    z.strictObject({ type: z.literal('move'), folderId: idSchema.nullable() }),
    z.strictObject({ type: z.literal('add-tags'), tags: tagList }),
    z.strictObject({ type: z.literal('remove-tags'), tags: tagList }),
    z.strictObject({ type: z.literal('delete') }),
    z.strictObject({ type: z.literal('restore') }),
  ]);
}
const conversationOperationSchema = z.strictObject({ ids, action: actionOf(textSchema(40)) });
const doneOperationSchema = z.strictObject({ ids: z.array(idSchema), action: actionOf(z.string()) });
export type ConversationOperation = z.infer<typeof conversationOperationSchema>;
export type ConversationAction = ConversationOperation['action'];
export const changeConversationsSchema = z
  .strictObject({ operations: z.array(conversationOperationSchema).min(1).max(200) })
  .meta({ id: 'ChangeConversations' });
export const changedConversationsSchema = z
  .object({
    changed: z.int().nonnegative(),
    /** Not there, or not the person's to change so. */
    skipped: z.int().nonnegative(),
    /** What puts everything back, to be sent as it is. */
    undo: z.array(doneOperationSchema),
  })
  .meta({ id: 'ChangedConversations' });
export type ChangedConversations = z.infer<typeof changedConversationsSchema>;
