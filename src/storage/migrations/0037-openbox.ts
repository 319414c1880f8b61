import type { Migration } from '../migrate.ts';

/** Runs of the frozen developer tasks, and what came of each task. */
export const openboxMigration: Migration = {
  name: '0037-openbox',
  async up({ db }) {
    await db.schema
      .createTable('openboxRun')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('modelVersion', 'text', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('suiteVersion', 'text', (column) => column.notNull())
      .addColumn('suiteDigest', 'text', (column) => column.notNull())
      .addColumn('houseVersion', 'text', (column) => column.notNull())
      .addColumn('sample', 'double precision', (column) => column.notNull())
      .addColumn('seed', 'bigint', (column) => column.notNull())
      .addColumn('complete', 'integer', (column) => column.notNull())
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('startedAt', 'bigint', (column) => column.notNull())
      .addColumn('endedAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('openboxRunByTime').on('openboxRun').column('startedAt').execute();
    await db.schema
      .createTable('openboxResult')
      .addColumn('runId', 'text', (column) => column.notNull().references('openboxRun.id').onDelete('cascade'))
      .addColumn('taskId', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('category', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('tookMs', 'bigint', (column) => column.notNull())
      .addColumn('details', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('openboxResultKey', ['runId', 'taskId'])
      .execute();
  },
};
