import { z } from 'zod';
import { idSchema, timeSchema } from './common.ts';

/** Hits counted before the search says "and more". */
export const SEARCH_COUNT_LIMIT = 1000;
/** UTF-16 units of what is looked for. */
export const SEARCH_QUERY_LIMIT = 200;

/** Whose words: of humans, of characters, or of the story. */
export const searchAuthorSchema = z.enum(['human', 'character', 'narrator']);
/** `path`: what stands on the active path of its conversation; `all`: other branches too. */
export const searchWhereSchema = z.enum(['path', 'all']);
export type SearchWhere = z.infer<typeof searchWhereSchema>;
/** `newest` first, `oldest` first, or the `best` match first. */
export const searchOrderSchema = z.enum(['newest', 'oldest', 'best']);
export type SearchOrder = z.infer<typeof searchOrderSchema>;

/**
 * What is looked for in messages. All words must be there; "what stands in quotes" is taken as it is. Times are
 * milliseconds since the epoch, `from` inclusive and `to` exclusive.
 */
export const messageSearchQuerySchema = z.object({
  q: z.string().max(SEARCH_QUERY_LIMIT),
  author: searchAuthorSchema.optional(),
  from: z.coerce.number().pipe(timeSchema).optional(),
  to: z.coerce.number().pipe(timeSchema).optional(),
  where: searchWhereSchema.default('all'),
  order: searchOrderSchema.default('newest'),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type MessageSearchQuery = z.output<typeof messageSearchQuerySchema>;

/** The same across conversations: only those with a character, or only one. */
export const wideSearchQuerySchema = messageSearchQuerySchema.extend({
  character: idSchema.optional(),
  conversation: idSchema.optional(),
});

export const searchHitSchema = z
  .object({
    messageId: idSchema,
    conversationId: idSchema,
    author: z.object({ kind: searchAuthorSchema, id: idSchema, name: z.string() }),
    createdAt: timeSchema,
    /** Position on its path: the first message is 0. */
    depth: z.int().nonnegative(),
    /** False where it stands on another branch than the active one. */
    onPath: z.boolean(),
    /** Hidden from the model, not from people. */
    hidden: z.boolean(),
    /** One plain line around the first match; `marks` are UTF-16 ranges of it, from inclusive, to exclusive. */
    excerpt: z.object({
      text: z.string(),
      marks: z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()])),
      cutBefore: z.boolean(),
      cutAfter: z.boolean(),
    }),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.infer<typeof searchHitSchema>;

/** What a hit's conversation is called. */
export const searchPlaceSchema = z.object({
  id: idSchema,
  title: z.string(),
  characterName: z.string(),
  pictureUrl: z.string().nullable(),
  leafId: idSchema.nullable(),
});
export type SearchPlace = z.infer<typeof searchPlaceSchema>;

export const searchPageSchema = z
  .object({
    hits: z.array(searchHitSchema),
    /** The conversations of these hits. */
    places: z.array(searchPlaceSchema),
    /** Hits in all, counted up to `SEARCH_COUNT_LIMIT`; null on later pages. */
    total: z.int().nonnegative().nullable(),
    /** True where there are more than could be counted. */
    totalIsMore: z.boolean(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'SearchPage' });
export type SearchPage = z.infer<typeof searchPageSchema>;
