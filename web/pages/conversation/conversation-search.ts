import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import { SEARCH_QUERY_LIMIT } from '../../../contract/search.ts';

/** What the address of a conversation says: the message to bring into view, and the words to look for in it. */
export const conversationSearchSchema = z.object({
  message: idSchema.optional().catch(undefined),
  find: z.string().max(SEARCH_QUERY_LIMIT).optional().catch(undefined),
});
