import type { Db, Trx } from '../storage/storage.ts';

/** Removes everything that characters remember of a person, for good. */
export async function purgeMemoryOf(trx: Trx, ownerId: string): Promise<void> {
  for (const table of ['memoryDate', 'memoryFact', 'memorySummary', 'memoryDiary', 'memoryRule'] as const) {
    await trx.deleteFrom(table).where('ownerId', '=', ownerId).execute();
  }
}

/** Characters with whom a person has something that is remembered beside what was said. */
export async function listRememberingCharacters(db: Db, ownerId: string): Promise<string[]> {
  const found = new Set<string>();
  for (const table of ['memoryFact', 'memoryDiary', 'memoryDate', 'memoryRule'] as const) {
    const rows = await db
      .selectFrom(table)
      .select('characterId')
      .distinct()
      .where('ownerId', '=', ownerId)
      .where('characterId', 'is not', null)
      .execute();
    for (const { characterId } of rows) if (characterId !== null) found.add(characterId);
  }
  return [...found].toSorted();
}
