import type { Migration } from '../migrate.ts';

/** Limits of spending with what each has used, plans with their members, limits of accounts that are their own. */
export const budgetsMigration: Migration = {
  name: '0032-budgets',
  async up({ db }) {
    await db.schema
      .alterTable('ledgerAccount')
      .addColumn('ownLimit', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.alterTable('ledgerEntry').addColumn('key', 'text').execute();
    await db.schema.createIndex('ledgerEntryByKey').on('ledgerEntry').column('key').unique().execute();
    await db.schema.alterTable('meteredCall').addColumn('budgets', 'text').execute();
    await db.schema.createIndex('meteredCallByAccount').on('meteredCall').columns(['accountId', 'endedAt']).execute();
    await db.schema
      .createTable('budget')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('subject', 'text')
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('softLimit', 'bigint')
      .addColumn('hardLimit', 'bigint')
      .addColumn('actorId', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('budgetPeriod')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('budgetId', 'text', (column) => column.notNull().references('budget.id').onDelete('cascade'))
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('spent', 'bigint', (column) => column.notNull())
      .addColumn('held', 'bigint', (column) => column.notNull())
      .addColumn('softAt', 'bigint')
      .addColumn('hardAt', 'bigint')
      .execute();
    await db.schema.createIndex('budgetPeriodByBudget').on('budgetPeriod').column('budgetId').execute();
    await db.schema
      .createTable('plan')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('allowance', 'bigint', (column) => column.notNull())
      .addColumn('rollover', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('planMember')
      .addColumn('userId', 'text', (column) => column.primaryKey())
      .addColumn('planId', 'text', (column) => column.notNull().references('plan.id').onDelete('cascade'))
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('granted', 'text')
      .addColumn('grantedAmount', 'bigint', (column) => column.notNull())
      .addColumn('grantedAt', 'bigint')
      .execute();
  },
};
