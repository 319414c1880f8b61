import type { Migration } from '../migrate.ts';

/** Servers of tools, and what people chose for their tools. */
export const toolsMigration: Migration = {
  name: '0018-tools',
  async up({ db }) {
    await db.schema
      .createTable('toolServer')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('sealedSecrets', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull().defaultTo(1))
      .addColumn('shared', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('disabledTools', 'text', (column) => column.notNull())
      .addColumn('list', 'text', (column) => column.notNull())
      .addColumn('listedAt', 'bigint')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('toolChoice')
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('subjectId', 'text', (column) => column.notNull())
      .addColumn('serverId', 'text', (column) => column.notNull().references('toolServer.id').onDelete('cascade'))
      .addColumn('tool', 'text', (column) => column.notNull())
      .addColumn('isOn', 'integer')
      .addColumn('consent', 'text')
      .addColumn('digest', 'text')
      .addPrimaryKeyConstraint('toolChoiceKey', ['ownerId', 'scope', 'subjectId', 'serverId', 'tool'])
      .execute();
    await db.schema.createIndex('toolChoiceBySubject').on('toolChoice').columns(['subjectId', 'scope']).execute();
  },
};
