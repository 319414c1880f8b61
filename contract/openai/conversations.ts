import { z } from 'zod';
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
