import type { Migration } from '../migrate.ts';

/** Sets of buttons above the message box. */
export const quickRepliesMigration: Migration = {
  name: '0019-quick-replies',
  async up({ db }) {
    await db.schema
      .createTable('quickReplySet')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('subjectId', 'text')
      .addColumn('shown', 'integer', (column) => column.notNull())
      .addColumn('replies', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('quickReplySetByOwner').on('quickReplySet').column('ownerId').execute();
    await db.schema.createIndex('quickReplySetBySubject').on('quickReplySet').column('subjectId').execute();
  },
};
