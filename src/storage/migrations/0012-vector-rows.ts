import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Rows of vectors get numbers that are never used twice and an index in their order, so that whoever holds what was
 * there can read on from the last one. What was in the table is made again.
 */
export const vectorRowsMigration: Migration = {
  name: '0012-vector-rows',
  async up({ db, dialect }) {
    await db.schema.dropTable('memoryVector').execute();
    await db.schema
      .createTable('memoryVector')
      .addColumn('row', dialect === 'sqlite' ? 'integer' : 'bigserial', (column) =>
        dialect === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey(),
      )
      .addColumn('messageId', 'text', (column) => column.notNull().references('message.id').onDelete('cascade'))
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('vector', sql.raw(dialect === 'sqlite' ? 'blob' : 'bytea'), (column) => column.notNull())
      .addUniqueConstraint('memoryVectorByMessage', ['messageId', 'model'])
      .execute();
    await db.schema
      .createIndex('memoryVectorByConversation')
      .on('memoryVector')
      .columns(['conversationId', 'model', 'row'])
      .execute();
  },
};
