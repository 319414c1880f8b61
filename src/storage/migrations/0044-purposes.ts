import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** What each metered call was done for. Up to here only replies and requests of programs were metered. */
export const purposesMigration: Migration = {
  name: '0044-purposes',
  async up({ db }) {
    await db.schema
      .alterTable('meteredCall')
      .addColumn('purpose', 'text', (column) => column.notNull().defaultTo('reply'))
      .execute();
    await sql`update "meteredCall" set "purpose" = 'request' where "door" = 'api'`.execute(db);
  },
};
