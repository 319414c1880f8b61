import type { Migration } from '../migrate.ts';

/** Names on the tree, conversations branched off from others, changes of many messages. */
export const branchesMigration: Migration = {
  name: '0014-branches',
  async up({ db }) {
    await db.schema
      .createTable('branchMark')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('branchMarkByConversation').on('branchMark').column('conversationId').execute();
    await db.schema
      .createTable('conversationOrigin')
      .addColumn('conversationId', 'text', (column) => column.primaryKey())
      .addColumn('fromConversationId', 'text', (column) => column.notNull())
      .addColumn('fromMessageId', 'text', (column) => column.notNull())
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('conversationOriginByOrigin')
      .on('conversationOrigin')
      .column('fromConversationId')
      .execute();
    await db.schema
      .createTable('messageBatch')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('messageIds', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('undoneAt', 'bigint')
      .execute();
    await db.schema.createIndex('messageBatchByConversation').on('messageBatch').column('conversationId').execute();
  },
};
