import { z } from 'zod';

/** A page of a list of OpenAI's; ids are empty where the page is. */
export function listPageSchema<T extends z.ZodType>(item: T) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string(),
    last_id: z.string(),
    has_more: z.boolean(),
  });
}
export type ListPage<T> = z.infer<ReturnType<typeof listPageSchema<z.ZodType<T>>>>;
