import type { Db } from '../../../storage/storage.ts';

export interface SpokenAnswer {
  id: string;
  ownerId: string;
  transcript: string;
  /** Milliseconds. */
  expiresAt: number;
}

/** Keeps one, and removes those whose time is over. */
export async function keepSpokenAnswer(db: Db, answer: SpokenAnswer, now: number): Promise<void> {
  await db.deleteFrom('spokenAnswer').where('expiresAt', '<=', now).execute();
  await db.insertInto('spokenAnswer').values(answer).execute();
}

/** What it said; undefined where it is not known any more. */
export async function readTranscript(
  db: Db,
  { id, ownerId, now }: { id: string; ownerId: string; now: number },
): Promise<string | undefined> {
  const row = await db
    .selectFrom('spokenAnswer')
    .select('transcript')
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  return row?.transcript;
}

export async function listSpokenAnswers(db: Db, ownerId: string): Promise<SpokenAnswer[]> {
  return db.selectFrom('spokenAnswer').selectAll().where('ownerId', '=', ownerId).orderBy('id').execute();
}

export async function deleteSpokenAnswersOf(db: Db, ownerId: string): Promise<void> {
  await db.deleteFrom('spokenAnswer').where('ownerId', '=', ownerId).execute();
}
