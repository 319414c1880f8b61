import type { Migration } from '../migrate.ts';

/** Answers of `/v1/responses` that are kept, and conversations of `/v1/conversations`. */
export const answersMigration: Migration = {
  name: '0035-answers',
  async up({ db }) {
    await db.schema
      .createTable('apiConversation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('metadata', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('apiConversationByOwner').on('apiConversation').column('ownerId').execute();
    await db.schema
      .createTable('apiConversationItem')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('apiConversationId', 'text', (column) =>
        column.notNull().references('apiConversation.id').onDelete('cascade'),
      )
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('apiConversationItemByPlace')
      .on('apiConversationItem')
      .columns(['apiConversationId', 'place'])
      .execute();
    await db.schema
      .createTable('storedResponse')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('input', 'text', (column) => column.notNull())
      .addColumn('events', 'text')
      .addColumn('previousId', 'text')
      .addColumn('apiConversationId', 'text')
      .addColumn('conversationId', 'text')
      .addColumn('messageId', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('storedResponseByOwner')
      .on('storedResponse')
      .columns(['ownerId', 'createdAt'])
      .execute();
    await db.schema.createIndex('storedResponseByStatus').on('storedResponse').column('status').execute();
  },
};
