import { z } from 'zod';

/** What a moderation found in a text, or why it could not look (`ModerationResultBody`, `ModerationErrorBody`). */
export const moderatedSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('moderation_result'),
    model: z.string(),
    flagged: z.boolean(),
    categories: z.record(z.string(), z.boolean()),
    category_scores: z.record(z.string(), z.number()),
    category_applied_input_types: z.record(z.string(), z.array(z.enum(['text', 'image']))),
  }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type Moderated = z.infer<typeof moderatedSchema>;

const policySchema = z.looseObject({ mode: z.enum(['score', 'block']) }).nullish();

/** `ModerationParam`. */
export const moderationParamSchema = z.looseObject({
  model: z.string().min(1).max(400),
  policy: z.looseObject({ input: policySchema, output: policySchema }).nullish(),
});
export type ModerationParam = z.infer<typeof moderationParamSchema>;
