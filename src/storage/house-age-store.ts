import { sql } from 'kysely';
import type { Db } from './storage.ts';

/** When this house got its first tables, milliseconds. */
export async function readHouseSince(db: Db): Promise<number> {
  const { rows } = await sql<{ at: number | string }>`select min("appliedAt") as "at" from "migration"`.execute(db);
  return Number(rows[0]?.at ?? 0);
}
