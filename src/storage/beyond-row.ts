import { sql, type RawBuilder, type SqlBool } from 'kysely';

/**
 * What comes beyond a row, for pages in the order of a time and then of ids: rows of the same moment are neither lost nor
 * told twice, and an index over both is used. `than`: `<` where the newest come first.
 */
export function beyondRow(
  { at, id }: { at: number; id: string },
  { than, column = 'createdAt' }: { than: '<' | '>'; column?: string },
): RawBuilder<SqlBool> {
  const place = sql`(${sql.ref(column)}, ${sql.ref('id')})`;
  return than === '<' ? sql<SqlBool>`${place} < (${at}, ${id})` : sql<SqlBool>`${place} > (${at}, ${id})`;
}
