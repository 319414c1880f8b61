import type { Migration } from '../migrate.ts';

/** Public names of models with what answers under them, and how many tries a call took. */
export const routesMigration: Migration = {
  name: '0036-routes',
  async up({ db }) {
    await db.schema
      .createTable('modelRoute')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('route', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .alterTable('meteredCall')
      .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
  },
};
