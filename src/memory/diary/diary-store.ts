import { z } from 'zod';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';
import type { Pair } from '../pair-view.ts';

/** Rows in one statement, below every database's limit of parameters. */
const ROWS_AT_ONCE = 200;

/** A page as it is kept. */
export type DiaryPage = Omit<Row<'memoryDiary'>, 'sources' | 'by'> & {
  by: 'character' | 'user';
  /** The messages it rests on, oldest first; empty for what the person wrote of their own. */
  sources: string[];
};

const sourcesSchema = z.array(z.string());
const bySchema = z.enum(['character', 'user']);

function toPage({ sources, by, ...row }: Row<'memoryDiary'>): DiaryPage {
  return { ...row, by: bySchema.parse(by), sources: sourcesSchema.parse(JSON.parse(sources)) };
}

/** Every page of a pair, the newest first. */
export async function listPages(db: Db, { ownerId, characterId }: Pair): Promise<DiaryPage[]> {
  const rows = await db
    .selectFrom('memoryDiary')
    .selectAll()
    .where('ownerId', '=', ownerId)
    .where('characterId', '=', characterId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(toPage);
}

export async function readPage(
  db: Db,
  { id, ownerId }: { id: string; ownerId: string },
): Promise<DiaryPage | undefined> {
  const row = await db
    .selectFrom('memoryDiary')
    .selectAll()
    .where('id', '=', id)
    .where('ownerId', '=', ownerId)
    .executeTakeFirst();
  return row && toPage(row);
}

export async function insertPage(trx: Trx, { sources, ...page }: DiaryPage): Promise<void> {
  await trx
    .insertInto('memoryDiary')
    .values({ ...page, sources: JSON.stringify(sources) })
    .execute();
}

export async function insertPages(trx: Trx, pages: readonly DiaryPage[]): Promise<void> {
  for (let start = 0; start < pages.length; start += ROWS_AT_ONCE) {
    const some = pages.slice(start, start + ROWS_AT_ONCE);
    await trx
      .insertInto('memoryDiary')
      .values(some.map(({ sources, ...page }) => ({ ...page, sources: JSON.stringify(sources) })))
      .execute();
  }
}

export async function updatePageText(
  trx: Trx,
  { id, text, updatedAt }: { id: string; text: string; updatedAt: number },
): Promise<void> {
  await trx.updateTable('memoryDiary').set({ text, by: 'user', updatedAt }).where('id', '=', id).execute();
}

export async function deletePage(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('memoryDiary').where('id', '=', id).execute();
}
