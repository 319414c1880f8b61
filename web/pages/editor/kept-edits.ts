import { z } from 'zod';
import { cardFieldsSchema } from '../../../contract/character-fields.ts';
import type { EditorValues } from './editor-values.ts';

const PREFIX = 'everwith.editor.';

const keptSchema = z.object({
  /** The version the edits began from; null for a new character. */
  versionId: z.string().nullable(),
  keptAt: z.number(),
  idea: z.string(),
  values: cardFieldsSchema.extend({ picture: z.string().nullable() }),
});
export type KeptEdits = z.infer<typeof keptSchema>;

/** Edits that were not saved, kept on this device; null for none. `id` is the character's, or `new`. */
export function readKeptEdits(id: string): KeptEdits | null {
  const text = localStorage.getItem(PREFIX + id);
  if (text === null) return null;
  try {
    return keptSchema.parse(JSON.parse(text));
  } catch {
    // Written by another version of this page: nothing that could be shown.
    localStorage.removeItem(PREFIX + id);
    return null;
  }
}

export function keepEdits(
  id: string,
  { versionId, idea, values }: Omit<KeptEdits, 'keptAt' | 'values'> & { values: EditorValues },
): void {
  const keep = (kept: EditorValues) =>
    localStorage.setItem(PREFIX + id, JSON.stringify({ versionId, idea, values: kept, keptAt: Date.now() }));
  try {
    keep(values);
  } catch {
    // A picture is the largest part, and can be chosen again.
    try {
      keep({ ...values, picture: null });
    } catch {
      // Storage is full or forbidden: the words are still in the form, only not kept across a reload.
    }
  }
}

export function dropEdits(id: string): void {
  localStorage.removeItem(PREFIX + id);
}
