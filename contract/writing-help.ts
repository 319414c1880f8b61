import { z } from 'zod';
import { optionalTextSchema } from './common.ts';
import { endSchema } from './drafting.ts';

/** Words in the place of a person's: nothing of it is kept. */
export const impersonateSchema = z
  .strictObject({
    /** What the person has begun to write, or wants to be said. */
    draft: optionalTextSchema(4000).default(''),
  })
  .meta({ id: 'Impersonate' });
export type Impersonate = z.input<typeof impersonateSchema>;

/** `impersonation-end` is always the last part. */
export const impersonationPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('impersonation-delta'), text: z.string() }),
  z.object({ type: z.literal('impersonation-end'), ...endSchema.shape }),
]);
export type ImpersonationPart = z.infer<typeof impersonationPartSchema>;

/** Short things that could be said next, one after the other; `suggestions-end` is always the last part. */
export const suggestionPartSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('suggestion'), text: z.string() }),
  z.object({ type: z.literal('suggestions-end'), ...endSchema.shape }),
]);
export type SuggestionPart = z.infer<typeof suggestionPartSchema>;
