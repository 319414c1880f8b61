import type { CreateTableBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

/** What calls to models cost: accounts, entries with their lines, calls with their holds, prices; who pays for a key. */
export const ledgerMigration: Migration = {
  name: '0031-ledger',
  async up({ db }) {
    await db.schema
      .createTable('ledgerAccount')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('balance', 'bigint', (column) => column.notNull())
      .addColumn('held', 'bigint', (column) => column.notNull())
      .addColumn('creditLimit', 'bigint')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('ledgerEntry')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('callId', 'text', (column) => column.unique())
      .addColumn('actorId', 'text')
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('ledgerLine')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('entryId', 'text', (column) => column.notNull().references('ledgerEntry.id'))
      .addColumn('accountId', 'text', (column) => column.notNull().references('ledgerAccount.id'))
      .addColumn('amount', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('ledgerLineByEntry').on('ledgerLine').column('entryId').execute();
    await db.schema.createIndex('ledgerLineByAccount').on('ledgerLine').column('accountId').execute();
    await addCallColumns(db.schema.createTable('meteredCall')).execute();
    await db.schema.createIndex('meteredCallByState').on('meteredCall').columns(['state', 'expiresAt']).execute();
    await db.schema.createIndex('meteredCallByTime').on('meteredCall').columns(['startedAt', 'id']).execute();
    await db.schema.createIndex('meteredCallByUser').on('meteredCall').columns(['userId', 'startedAt']).execute();
    await db.schema
      .createTable('priceVersion')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ref', 'text', (column) => column.notNull())
      .addColumn('prices', 'text', (column) => column.notNull())
      .addColumn('actorId', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.alterTable('apiKey').addColumn('teamId', 'text').execute();
    await db.schema.alterTable('apiKey').addColumn('models', 'text').execute();
    await db.schema.alterTable('apiKey').addColumn('expiresAt', 'bigint').execute();
  },
};

function addCallColumns<T extends string, C extends string>(table: CreateTableBuilder<T, C>) {
  const counts = ['inputTokens', 'cachedInputTokens', 'outputTokens', 'characters', 'audioInMs', 'images', 'videoInMs'];
  let columns = table
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('accountId', 'text', (column) => column.notNull())
    .addColumn('userId', 'text', (column) => column.notNull())
    .addColumn('keyId', 'text')
    .addColumn('teamId', 'text')
    .addColumn('door', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('ref', 'text')
    .addColumn('characterId', 'text')
    .addColumn('conversationId', 'text')
    .addColumn('requestId', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('held', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'bigint', (column) => column.notNull())
    .addColumn('prices', 'text', (column) => column.notNull())
    .addColumn('usageSource', 'text')
    .addColumn('errorCode', 'text')
    .addColumn('firstTokenInMs', 'double precision')
    .addColumn('durationInMs', 'double precision')
    .addColumn('startedAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .addColumn('endedAt', 'bigint') as CreateTableBuilder<T, string>;
  for (const name of counts) columns = columns.addColumn(name, 'bigint', (column) => column.notNull());
  return columns;
}
