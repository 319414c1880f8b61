import type { Migration } from '../migrate.ts';

/** Places, times and facts that conversations share. */
export const worldsMigration: Migration = {
  name: '0016-worlds',
  async up({ db }) {
    await db.schema.alterTable('conversation').addColumn('worldId', 'text').execute();
    await db.schema.createIndex('conversationByWorld').on('conversation').column('worldId').execute();
    await db.schema
      .createTable('world')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('pictureHash', 'text')
      .addColumn('time', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .addColumn('deletedAt', 'bigint')
      .execute();
    await db.schema.createIndex('worldByOwner').on('world').column('ownerId').execute();
    await db.schema.createIndex('worldByPicture').on('world').column('pictureHash').execute();
    await db.schema
      .createTable('worldFact')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('worldId', 'text', (column) => column.notNull().references('world.id').onDelete('cascade'))
      .addColumn('statement', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('about', 'text', (column) => column.notNull())
      .addColumn('placeId', 'text')
      .addColumn('since', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('stateBefore', 'text')
      .addColumn('origin', 'text', (column) => column.notNull())
      .addColumn('entryBookId', 'text')
      .addColumn('entryUid', 'text')
      .addColumn('replacedBy', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('worldFactByWorld').on('worldFact').columns(['worldId', 'state']).execute();
    await db.schema
      .createTable('worldFactSource')
      .addColumn('factId', 'text', (column) => column.notNull().references('worldFact.id').onDelete('cascade'))
      .addColumn('worldId', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('quote', 'text', (column) => column.notNull())
      .addColumn('speaker', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('worldFactSourceKey', ['factId', 'messageId'])
      .execute();
    await db.schema.createIndex('worldFactSourceByWorld').on('worldFactSource').column('worldId').execute();
    await db.schema
      .createIndex('worldFactSourceByConversation')
      .on('worldFactSource')
      .column('conversationId')
      .execute();
    await db.schema
      .createTable('worldRead')
      .addColumn('worldId', 'text', (column) => column.notNull().references('world.id').onDelete('cascade'))
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('worldReadKey', ['worldId', 'messageId'])
      .execute();
    await db.schema.createIndex('worldReadByConversation').on('worldRead').column('conversationId').execute();
  },
};
