import type { Db } from '../storage/storage.ts';

export interface VersionFacts {
  id: string;
  number: number;
  contentHash: string;
  pictureHash: string | null;
  createdAt: number;
}

/** All versions of a character without their cards, newest first. */
export async function listVersions(db: Db, characterId: string): Promise<VersionFacts[]> {
  return db
    .selectFrom('characterVersion')
    .select(['id', 'version as number', 'contentHash', 'pictureHash', 'createdAt'])
    .where('characterId', '=', characterId)
    .orderBy('version', 'desc')
    .execute();
}

export async function readVersionTime(db: Db, versionId: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('characterVersion')
    .select('createdAt')
    .where('id', '=', versionId)
    .executeTakeFirst();
  return row?.createdAt;
}
