import { loreEntrySchema, type LorebookBody, type LoreEntry } from '../../../contract/lore.ts';

/** An entry with the usual values and an id that the book does not have yet. */
export function newEntry(body: LorebookBody, from?: LoreEntry): LoreEntry {
  const taken = new Set(body.entries.map(({ uid }) => uid));
  let number = body.entries.length;
  while (taken.has(String(number))) number += 1;
  const uid = String(number);
  // A copy is no longer the entry of the file it came from.
  return from ? { ...from, uid, foreign: {} } : loreEntrySchema.parse({ uid });
}
