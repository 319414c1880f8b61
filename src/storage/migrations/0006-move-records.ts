import type { Migration } from '../migrate.ts';

/** What was moved in from where, so that moving in again makes no doubles. */
export const moveRecordsMigration: Migration = {
  name: '0006-move-records',
  async up({ db }) {
    await db.schema
      .createTable('moveRecord')
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('sourceHash', 'text', (column) => column.notNull())
      .addColumn('targetId', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('moveRecordKey', ['ownerId', 'kind', 'sourceHash'])
      .execute();
  },
};
