import { z } from 'zod';

/** `Model` of OpenAI's description. */
export const openAiModelSchema = z.object({
  id: z.string(),
  object: z.literal('model'),
  /** Since when it is here: seconds since the epoch. */
  created: z.int(),
  owned_by: z.string(),
  /** Models here stay until their owner removes them. */
  shutdown_date: z.null().optional(),
});
export type OpenAiModel = z.infer<typeof openAiModelSchema>;

export const openAiModelListSchema = z.object({ object: z.literal('list'), data: z.array(openAiModelSchema) });
