import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** What passages of files mean, for each model that read them. */
export const passageVectorsMigration: Migration = {
  name: '0030-passage-vectors',
  async up({ db, dialect }) {
    await db.schema
      .createTable('attachmentVector')
      .addColumn('attachmentId', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('vector', sql.raw(dialect === 'sqlite' ? 'blob' : 'bytea'), (column) => column.notNull())
      .addPrimaryKeyConstraint('attachmentVectorKey', ['attachmentId', 'model', 'position'])
      .execute();
  },
};
