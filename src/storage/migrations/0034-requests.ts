import type { Migration } from '../migrate.ts';

/** Requests that are answered once whatever happens, and chat completions that are kept. */
export const requestsMigration: Migration = {
  name: '0034-requests',
  async up({ db }) {
    await db.schema
      .createTable('idempotentRequest')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('userId', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('status', 'integer')
      .addColumn('contentType', 'text')
      .addColumn('body', 'text')
      .addColumn('leaseUntil', 'bigint', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('expiresAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('idempotentRequestByEnd').on('idempotentRequest').column('expiresAt').execute();
    await db.schema.createIndex('idempotentRequestByUser').on('idempotentRequest').column('userId').execute();
    await db.schema
      .createTable('storedCompletion')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('metadata', 'text', (column) => column.notNull())
      .addColumn('messages', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('storedCompletionByOwner')
      .on('storedCompletion')
      .columns(['ownerId', 'createdAt', 'id'])
      .execute();
  },
};
