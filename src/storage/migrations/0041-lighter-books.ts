import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Fewer and smaller indexes below every metered call: those of held calls and of ended ones hold nothing else, keys of
 * entries only those that have one, and lines are found by their entry nowhere but where everything is read.
 */
export const lighterBooksMigration: Migration = {
  name: '0041-lighter-books',
  async up({ db }) {
    for (const name of ['meteredCallByState', 'meteredCallByAccount', 'ledgerEntryByKey', 'ledgerLineByEntry']) {
      await db.schema.dropIndex(name).execute();
    }
    await sql`create index "meteredCallHeld" on "meteredCall" ("expiresAt") where "state" = 'held'`.execute(db);
    await sql`create index "meteredCallEnded" on "meteredCall" ("accountId", "endedAt") where "endedAt" is not null`.execute(
      db,
    );
    await sql`create unique index "ledgerEntryByKey" on "ledgerEntry" ("key") where "key" is not null`.execute(db);
  },
};
