import type { Migration } from '../migrate.ts';

/** Marks, folders and looks of conversations, each person's own, and titles that the house gave. */
export const organiseMigration: Migration = {
  name: '0020-organise',
  async up({ db }) {
    await db.schema
      .createTable('conversationMark')
      .addColumn('userId', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('favourite', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('pinned', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('archived', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('folderId', 'text')
      .addColumn('tags', 'text', (column) => column.notNull().defaultTo('[]'))
      .addPrimaryKeyConstraint('conversationMarkKey', ['userId', 'conversationId'])
      .execute();
    await db.schema
      .createIndex('conversationMarkByConversation')
      .on('conversationMark')
      .column('conversationId')
      .execute();
    await db.schema
      .createTable('conversationFolder')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('parentId', 'text')
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('colour', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('conversationFolderByOwner').on('conversationFolder').column('ownerId').execute();
    await db.schema
      .createTable('lookChoice')
      .addColumn('userId', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('subjectId', 'text', (column) => column.notNull())
      .addColumn('theme', 'text')
      .addColumn('background', 'text')
      .addPrimaryKeyConstraint('lookChoiceKey', ['userId', 'scope', 'subjectId'])
      .execute();
    await db.schema
      .createTable('conversationTitle')
      .addColumn('conversationId', 'text', (column) => column.primaryKey())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('messageCount', 'integer', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
  },
};
