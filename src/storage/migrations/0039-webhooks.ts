import type { Migration } from '../migrate.ts';

/** Addresses that are told of what happens, and the messages to them. */
export const webhooksMigration: Migration = {
  name: '0039-webhooks',
  async up({ db }) {
    await db.schema
      .createTable('webhook')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('events', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('disabledReason', 'text')
      .addColumn('sealedSecret', 'text', (column) => column.notNull())
      .addColumn('previousSealedSecret', 'text')
      .addColumn('previousUntil', 'bigint')
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('webhookByOwner').on('webhook').columns(['ownerId', 'createdAt']).execute();
    await db.schema
      .createTable('webhookDelivery')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('webhookId', 'text', (column) => column.notNull().references('webhook.id').onDelete('cascade'))
      .addColumn('eventId', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('lastStatus', 'integer')
      .addColumn('lastError', 'text')
      .addColumn('nextAttemptAt', 'bigint')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('deliveredAt', 'bigint')
      .execute();
    await db.schema
      .createIndex('webhookDeliveryByTime')
      .on('webhookDelivery')
      .columns(['webhookId', 'createdAt', 'id'])
      .execute();
  },
};
