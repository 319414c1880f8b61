import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';

/** What the address of a map says: how it is shown, what is searched. */
export const treeSearchSchema = z.object({
  view: z.enum(['map', 'outline']).optional().catch(undefined),
  search: z.string().max(200).optional().catch(undefined),
});

/** Two messages at which the branches that are compared end. */
export const compareSearchSchema = z.object({ left: idSchema, right: idSchema });
