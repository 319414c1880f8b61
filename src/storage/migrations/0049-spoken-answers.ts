import type { Migration } from '../migrate.ts';

/** What answers in sound said, for as long as a later request may name one instead of its words. */
export const spokenAnswersMigration: Migration = {
  name: '0049-spoken-answers',
  async up({ db }) {
    await db.schema
      .createTable('spokenAnswer')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('transcript', 'text', (column) => column.notNull())
      .addColumn('expiresAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('spokenAnswerByTime').on('spokenAnswer').column('expiresAt').execute();
    await db.schema.createIndex('spokenAnswerByOwner').on('spokenAnswer').column('ownerId').execute();
  },
};
