import type { Migration } from '../migrate.ts';

/** Whether a card is here already is asked for each file of an import. */
export const versionContentMigration: Migration = {
  name: '0005-version-content',
  async up({ db }) {
    await db.schema.createIndex('characterVersionByContent').on('characterVersion').column('contentHash').execute();
  },
};
