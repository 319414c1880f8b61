import type { Migration } from '../migrate.ts';

/** Consents that programs keep for likenesses to come. */
export const voiceConsentsMigration: Migration = {
  name: '0043-voice-consents',
  async up({ db }) {
    await db.schema
      .createTable('voiceConsent')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('providerId', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('voiceConsentByOwner').on('voiceConsent').columns(['ownerId', 'createdAt']).execute();
  },
};
