import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';
import { rebuildSearch } from '../search/rebuild-search.ts';

/**
 * Rows of the search over messages are numbered by time, so that the newest are found without reading the rest; beside
 * the words stands who heard them, in which conversation, with which character and from whom, so that the engine itself
 * leaves out what is not asked for. Prefixes have an index of their own.
 */
export const messageSearchMigration: Migration = {
  name: '0015-message-search',
  async up({ db, dialect }) {
    await sql`delete from "messageSearchRow"`.execute(db);
    if (dialect === 'sqlite') {
      await sql`drop table "messageSearch"`.execute(db);
      await sql`create virtual table "messageSearch" using fts5(text, scope, content='', contentless_delete=1, prefix='2 3', tokenize='unicode61 remove_diacritics 2')`.execute(
        db,
      );
    }
    await rebuildSearch(db, dialect);
  },
};
