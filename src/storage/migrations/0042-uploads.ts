import type { Migration } from '../migrate.ts';

/** Files of the API that come in parts. */
export const uploadsMigration: Migration = {
  name: '0042-uploads',
  async up({ db }) {
    await db.schema
      .createTable('apiUpload')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('filename', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('fileId', 'text')
      .addColumn('fileExpiresInMs', 'bigint')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('expiresAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('apiUploadByOwner').on('apiUpload').columns(['ownerId', 'status']).execute();
    await db.schema.createIndex('apiUploadByExpiry').on('apiUpload').columns(['status', 'expiresAt']).execute();
    await db.schema
      .createTable('apiUploadPart')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('uploadId', 'text', (column) => column.notNull().references('apiUpload.id').onDelete('cascade'))
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('apiUploadPartByUpload').on('apiUploadPart').column('uploadId').execute();
    await db.schema.createIndex('apiUploadPartByHash').on('apiUploadPart').column('hash').execute();
  },
};
