import type { Migration } from '../migrate.ts';

/** Files that people give to a conversation, the passages of their text, and messages in other languages. */
export const filesMigration: Migration = {
  name: '0017-files',
  async up({ db }) {
    await db.schema
      .createTable('attachment')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('uploaderId', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('mediaType', 'text', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('width', 'integer')
      .addColumn('height', 'integer')
      .addColumn('alt', 'text', (column) => column.notNull())
      .addColumn('sections', 'integer', (column) => column.notNull())
      .addColumn('passages', 'integer', (column) => column.notNull())
      .addColumn('characters', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('attachmentByConversation').on('attachment').column('conversationId').execute();
    await db.schema.createIndex('attachmentByHash').on('attachment').column('hash').execute();
    await db.schema
      .createTable('messageAttachment')
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('attachmentId', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('messageAttachmentKey', ['messageId', 'attachmentId'])
      .execute();
    await db.schema
      .createIndex('messageAttachmentByConversation')
      .on('messageAttachment')
      .column('conversationId')
      .execute();
    await db.schema.createIndex('messageAttachmentByFile').on('messageAttachment').column('attachmentId').execute();
    await db.schema
      .createTable('attachmentPassage')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('attachmentId', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('placeKind', 'text', (column) => column.notNull())
      .addColumn('place', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('attachmentPassageByFile')
      .on('attachmentPassage')
      .columns(['attachmentId', 'position'])
      .execute();
    await db.schema
      .createTable('messageTranslation')
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('messageTranslationKey', ['messageId', 'language'])
      .execute();
    await db.schema
      .createIndex('messageTranslationByConversation')
      .on('messageTranslation')
      .column('conversationId')
      .execute();
  },
};
