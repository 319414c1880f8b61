import { z } from 'zod';
import { characterSummarySchema } from './characters.ts';
import { idSchema, localeSchema, textSchema, timeSchema } from './common.ts';

/** Characters one bulk request may name. */
export const BULK_LIMIT = 20_000;
export const OWN_TAG_LIMIT = 50;

/** A tag as a person writes it; commas part tags, so none stands inside one. */
const tagTextSchema = textSchema(60).refine((tag) => !tag.includes(','), {
  message: 'A tag has no comma.',
});

/** What one person made of a character. */
export const characterMarkSchema = z
  .object({
    favourite: z.boolean(),
    folderId: idSchema.nullable(),
    /** One's own tags, beside the card's. */
    tags: z.array(z.string()),
    /** The persona worn with this character; null = the default one. */
    personaId: idSchema.nullable(),
    lastUsedAt: timeSchema.nullable(),
  })
  .meta({ id: 'CharacterMark' });
export type CharacterMark = z.infer<typeof characterMarkSchema>;

export const updateMarkSchema = z
  .strictObject({
    favourite: z.boolean(),
    folderId: idSchema.nullable(),
    tags: z.array(tagTextSchema).max(OWN_TAG_LIMIT),
  })
  .partial()
  .meta({ id: 'UpdateCharacterMark' });
export type UpdateMark = z.infer<typeof updateMarkSchema>;

/** A character in the library's list, with the reader's marks. */
export const libraryCharacterSchema = characterSummarySchema
  .extend({
    favourite: z.boolean(),
    folderId: idSchema.nullable(),
    ownTags: z.array(z.string()),
    lastUsedAt: timeSchema.nullable(),
    /** Carries a book, or one is linked to it. */
    hasLore: z.boolean(),
    /** When it came into the library. */
    createdAt: timeSchema,
    /** Messages on the paths of the reader's conversations with it; null where the list was not asked for them. */
    talked: z.int().nonnegative().nullable(),
  })
  .meta({ id: 'LibraryCharacter' });
export type LibraryCharacter = z.infer<typeof libraryCharacterSchema>;

export const librarySortSchema = z.enum(['name', 'newest', 'recent', 'talked']);
export type LibrarySort = z.infer<typeof librarySortSchema>;

/** Which characters: of the library, all that fit every filter given. */
export const libraryFilterSchema = z.object({
  locale: localeSchema.optional(),
  search: z.string().max(200).optional(),
  favourite: z.literal('1').optional(),
  /** A folder's id, or `none` for those that lie in none. */
  folder: z.union([z.literal('none'), idSchema]).optional(),
  /** Keys of tags, with commas between them. */
  tags: z.string().max(2000).optional(),
  /** Whether one of the tags is enough. */
  match: z.enum(['any', 'all']).default('all'),
  kind: z.enum(['mine', 'starter']).optional(),
  lore: z.literal('1').optional(),
});
export type LibraryFilter = z.output<typeof libraryFilterSchema>;

export const libraryQuerySchema = libraryFilterSchema.extend({
  sort: librarySortSchema.default('name'),
  /** Made by the page before. */
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
export type LibraryQuery = z.output<typeof libraryQuerySchema>;

export const libraryPageSchema = z
  .object({
    characters: z.array(libraryCharacterSchema),
    nextCursor: z.string().nullable(),
    /** How many there are altogether; on the first page only. */
    total: z.int().nonnegative().nullable(),
  })
  .meta({ id: 'LibraryPage' });
export type LibraryPage = z.infer<typeof libraryPageSchema>;

export const characterFolderSchema = z
  .object({ id: idSchema, name: z.string(), count: z.int().nonnegative() })
  .meta({ id: 'CharacterFolder' });
export type CharacterFolder = z.infer<typeof characterFolderSchema>;

export const tagCountSchema = z.object({ key: z.string(), label: z.string(), count: z.int().positive() });
export type TagCount = z.infer<typeof tagCountSchema>;

/** The library at a glance: what stands beside the list. */
export const libraryOverviewSchema = z
  .object({
    total: z.int().nonnegative(),
    favourites: z.int().nonnegative(),
    mine: z.int().nonnegative(),
    starters: z.int().nonnegative(),
    withLore: z.int().nonnegative(),
    unfiled: z.int().nonnegative(),
    /** In their owner's order. */
    folders: z.array(characterFolderSchema),
    /** The most frequent ones, most first. */
    tags: z.array(tagCountSchema),
    /** Those talked with last. */
    recent: z.array(libraryCharacterSchema),
  })
  .meta({ id: 'LibraryOverview' });
export type LibraryOverview = z.infer<typeof libraryOverviewSchema>;

export const saveFolderSchema = z.strictObject({ name: textSchema(80) }).meta({ id: 'SaveCharacterFolder' });
/** A new folder, or one that was deleted a moment ago with what lay in it. */
export const createFolderSchema = z
  .strictObject({
    name: textSchema(80),
    /** Place among the folders, from 0; absent = last. */
    position: z.int().min(0).max(10_000).optional(),
    characterIds: z.array(idSchema).max(BULK_LIMIT).default([]),
  })
  .meta({ id: 'CreateCharacterFolder' });
export const orderFoldersSchema = z
  .strictObject({ ids: z.array(idSchema).max(1000) })
  .meta({ id: 'OrderCharacterFolders' });
/** What makes a deleted folder again: the body of a request for a new one. */
export const deletedFolderSchema = z.object({
  undo: z.object({ name: z.string(), position: z.int(), characterIds: z.array(idSchema) }),
});
export const foldersSchema = z.object({ folders: z.array(characterFolderSchema) });

/** Answers carry tags as they are kept, requests as somebody wrote them. */
function bulkOperationOf<Tag extends z.ZodType<string, string>>(tag: Tag) {
  const tags = z.array(tag).min(1).max(OWN_TAG_LIMIT);
  const action = z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('favourite'), value: z.boolean() }),
    z.strictObject({ type: z.literal('add-tags'), tags }),
    z.strictObject({ type: z.literal('remove-tags'), tags }),
    z.strictObject({ type: z.literal('move'), folderId: idSchema.nullable() }),
    z.strictObject({ type: z.literal('delete') }),
    z.strictObject({ type: z.literal('restore') }),
  ]);
  return z.strictObject({ ids: z.array(idSchema).max(BULK_LIMIT), action });
}

const doneOperationSchema = bulkOperationOf(z.string());
export type BulkOperation = z.infer<typeof doneOperationSchema>;
export type BulkAction = BulkOperation['action'];

/** One transaction: all operations, in order, or none. */
export const bulkSchema = z
  .strictObject({ operations: z.array(bulkOperationOf(tagTextSchema)).min(1).max(1000) })
  .meta({ id: 'LibraryBulk' });
export const bulkResultSchema = z
  .object({
    /** Characters that changed. */
    changed: z.int().nonnegative(),
    /** Characters named that cannot be changed so: starters, strangers' and unknown ones. */
    skipped: z.int().nonnegative(),
    /** Sent as the next bulk request, this puts everything back. */
    undo: z.array(doneOperationSchema),
  })
  .meta({ id: 'LibraryBulkResult' });
export type BulkResult = z.infer<typeof bulkResultSchema>;

/** Ids of all characters that a filter names, in no order. */
export const librarySelectionSchema = z.object({ ids: z.array(idSchema) });

/** Parts of a card that can differ between versions, as the page names them. */
export const cardPartSchema = z.enum([
  'name',
  'tagline',
  'picture',
  'description',
  'personality',
  'scenario',
  'greetings',
  'examples',
  'instructions',
  'notes',
  'tags',
  'lore',
  'other',
]);
export type CardPart = z.infer<typeof cardPartSchema>;

export const versionChangeSchema = z.object({
  versionId: idSchema,
  version: z.int().positive(),
  createdAt: timeSchema,
  newest: z.boolean(),
  /** Empty for the first version. */
  changed: z.array(cardPartSchema),
});
export type VersionChange = z.infer<typeof versionChangeSchema>;

/** An entry of the book a card carries, to look at. */
export const loreGlimpseSchema = z.object({
  name: z.string(),
  keys: z.array(z.string()),
  enabled: z.boolean(),
  constant: z.boolean(),
  /** The beginning of its content. */
  content: z.string(),
});
export type LoreGlimpse = z.infer<typeof loreGlimpseSchema>;

export const talkStatisticsSchema = z.object({
  conversations: z.int().nonnegative(),
  /** Greetings, which nobody wrote to anybody, do not count. */
  humanMessages: z.int().nonnegative(),
  characterMessages: z.int().nonnegative(),
  /** 汉字 one by one, other scripts by their spaces. */
  humanWords: z.int().nonnegative(),
  characterWords: z.int().nonnegative(),
  /** Written by models, as far as receipts tell. */
  tokens: z.int().nonnegative(),
  firstAt: timeSchema.nullable(),
  lastAt: timeSchema.nullable(),
  /** False while older messages are still being counted: ask again. */
  complete: z.boolean(),
});
export type TalkStatistics = z.infer<typeof talkStatisticsSchema>;

/** What stands on a character's page beside its card. */
export const characterDetailsSchema = z
  .object({
    mark: characterMarkSchema,
    statistics: talkStatisticsSchema,
    /** The newest ones, newest first. */
    versions: z.array(versionChangeSchema),
    versionCount: z.int().positive(),
    /** The card's own book; null when it carries none. */
    book: z
      .object({
        name: z.string(),
        entryCount: z.int().nonnegative(),
        /** The first ones. */
        entries: z.array(loreGlimpseSchema),
      })
      .nullable(),
  })
  .meta({ id: 'CharacterDetails' });
export type CharacterDetails = z.infer<typeof characterDetailsSchema>;
