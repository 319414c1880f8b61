import { z } from 'zod';
import { sentItemSchema } from './response-items.ts';
import { metadataSchema, responseInputItemSchema } from './responses.ts';

const itemsSchema = z.array(responseInputItemSchema).max(20);

/** `CreateConversationBody`. */
export const createApiConversationSchema = z.looseObject({
  metadata: metadataSchema.nullish(),
  items: itemsSchema.nullish(),
});

/** `UpdateConversationBody`. */
export const updateApiConversationSchema = z.looseObject({ metadata: metadataSchema.nullable() });

export const addConversationItemsSchema = z.looseObject({ items: itemsSchema.min(1) });

/** As they may be sent, for the description. */
const sentItemsSchema = z.array(sentItemSchema).max(20);
export const sentApiConversationSchema = createApiConversationSchema.extend({ items: sentItemsSchema.nullish() });
export const sentConversationItemsSchema = addConversationItemsSchema.extend({ items: sentItemsSchema.min(1) });

/** `ConversationResource`. */
export const apiConversationSchema = z.object({
  id: z.string(),
  object: z.literal('conversation'),
  metadata: z.record(z.string(), z.string()),
  /** Seconds since the epoch. */
  created_at: z.int(),
});
export type ConversationView = z.infer<typeof apiConversationSchema>;

export const apiConversationDeletedSchema = z.object({
  id: z.string(),
  object: z.literal('conversation.deleted'),
  deleted: z.literal(true),
});
