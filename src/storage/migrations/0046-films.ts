import type { Migration } from '../migrate.ts';

/** Which films programs had providers make, so that each can list their own. */
export const filmsMigration: Migration = {
  name: '0046-films',
  async up({ db }) {
    await db.schema
      .createTable('apiFilm')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('providerId', 'text', (column) => column.notNull())
      .addColumn('remoteId', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('apiFilmByOwner').on('apiFilm').columns(['ownerId', 'createdAt', 'id']).execute();
  },
};
