import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';
import {
  SEARCH_QUERY_LIMIT,
  searchAuthorSchema,
  searchOrderSchema,
  searchWhereSchema,
} from '../../../contract/search.ts';

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .optional()
  .catch(undefined);

/** What the address of the search page says; days are those of the reader's own calendar, both inclusive. */
export const searchAddressSchema = z.object({
  q: z.string().max(SEARCH_QUERY_LIMIT).optional().catch(undefined),
  character: idSchema.optional().catch(undefined),
  author: searchAuthorSchema.optional().catch(undefined),
  where: searchWhereSchema.optional().catch(undefined),
  order: searchOrderSchema.optional().catch(undefined),
  from: day,
  to: day,
});
export type SearchAddress = z.infer<typeof searchAddressSchema>;
