import { toSearchText } from '../storage/search/search-text.ts';
import type { Db } from '../storage/storage.ts';
import { HOUSE_SHELF } from './character-index-store.ts';

/** Living characters that a person sees, by each of their names as searches fold it; one's own and newer ones win. */
export async function listCharactersByName(db: Db, userId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('characterIndex')
    .select(['characterId', 'names', 'shelf'])
    .where('shelf', 'in', [HOUSE_SHELF, userId])
    .orderBy('createdAt')
    .execute();
  const found = new Map<string, string>();
  for (const shelf of [HOUSE_SHELF, userId]) {
    for (const row of rows.filter((each) => each.shelf === shelf)) {
      for (const name of row.names.split('\n')) if (name !== '') found.set(name.trim(), row.characterId);
    }
  }
  return found;
}

export function foldName(name: string): string {
  return toSearchText(name);
}
