import { z } from 'zod';
import { pictureDataSchema } from './character-fields.ts';

/**
 * How a conversation looks. `flat`: replies on the page, one's own words in a bubble; `bubbles`: everybody's words in
 * bubbles; `document`: a text with names; `visual-novel`: a background, the characters, and one passage at a time.
 */
export const themeSchema = z.enum(['flat', 'bubbles', 'document', 'visual-novel']);
export type Theme = z.infer<typeof themeSchema>;

const lookSchema = z.object({
  /** Null = as it is elsewhere. */
  theme: themeSchema.nullable(),
  /** Where one's own picture is; null = the card's. */
  backgroundUrl: z.string().nullable(),
});

/** What one person chose for a conversation and for all with its character; the nearer choice holds. */
export const looksSchema = z.object({ conversation: lookSchema, character: lookSchema }).meta({ id: 'Looks' });
export type Looks = z.infer<typeof looksSchema>;

export const lookScopeSchema = z.enum(['conversation', 'character']);
export type LookScope = z.infer<typeof lookScopeSchema>;

/** A key that is absent stays as it was. */
export const chooseLookSchema = z
  .strictObject({
    for: lookScopeSchema,
    theme: themeSchema.nullable().optional(),
    background: pictureDataSchema.nullable().optional(),
  })
  .meta({ id: 'ChooseLook' });
export type ChooseLook = z.infer<typeof chooseLookSchema>;
