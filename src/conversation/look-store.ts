import { sql } from 'kysely';
import type { Db, Trx } from '../storage/storage.ts';

export interface LookKey {
  userId: string;
  scope: 'conversation' | 'character';
  subjectId: string;
}

export interface LookRecord {
  theme: string | null;
  hasBackground: boolean;
  /** Changes with the picture, to tell one from the next. */
  backgroundSize: number;
}

/** A person's choice for one conversation or character; undefined where none was made. */
export async function readLook(db: Db, { userId, scope, subjectId }: LookKey): Promise<LookRecord | undefined> {
  const row = await db
    .selectFrom('lookChoice')
    .select(['theme', sql<number | null>`length("background")`.as('size')])
    .where('userId', '=', userId)
    .where('scope', '=', scope)
    .where('subjectId', '=', subjectId)
    .executeTakeFirst();
  if (!row) return undefined;
  return { theme: row.theme, hasBackground: row.size !== null, backgroundSize: row.size ?? 0 };
}

/** The picture as a data URL. */
export async function readLookBackground(db: Db, { userId, scope, subjectId }: LookKey): Promise<string | null> {
  const row = await db
    .selectFrom('lookChoice')
    .select('background')
    .where('userId', '=', userId)
    .where('scope', '=', scope)
    .where('subjectId', '=', subjectId)
    .executeTakeFirst();
  return row?.background ?? null;
}

/** Changes what is named and leaves the rest; a choice of nothing is no row. */
export async function putLook(
  trx: Trx,
  { userId, scope, subjectId }: LookKey,
  change: { theme?: string | null; background?: string | null },
): Promise<void> {
  if (Object.keys(change).length > 0) {
    await trx
      .insertInto('lookChoice')
      .values({ userId, scope, subjectId, theme: null, background: null, ...change })
      .onConflict((conflict) => conflict.columns(['userId', 'scope', 'subjectId']).doUpdateSet(change))
      .execute();
  }
  await trx
    .deleteFrom('lookChoice')
    .where('userId', '=', userId)
    .where('scope', '=', scope)
    .where('subjectId', '=', subjectId)
    .where('theme', 'is', null)
    .where('background', 'is', null)
    .execute();
}

/** Every choice of one person, for good. */
export async function purgeLooks(trx: Trx, userId: string): Promise<void> {
  await trx.deleteFrom('lookChoice').where('userId', '=', userId).execute();
}

/** Every choice of one person, pictures as data URLs. */
export async function listLooks(
  db: Db,
  userId: string,
): Promise<{ scope: string; subjectId: string; theme: string | null; background: string | null }[]> {
  return db
    .selectFrom('lookChoice')
    .select(['scope', 'subjectId', 'theme', 'background'])
    .where('userId', '=', userId)
    .orderBy('scope')
    .orderBy('subjectId')
    .execute();
}
