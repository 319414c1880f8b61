import type { Migration } from '../migrate.ts';

/** Files of the API, and requests that are answered in batches. */
export const filesAndBatchesMigration: Migration = {
  name: '0038-files-and-batches',
  async up({ db }) {
    await db.schema
      .createTable('apiFile')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('filename', 'text', (column) => column.notNull())
      .addColumn('bytes', 'bigint', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('expiresAt', 'bigint')
      .execute();
    await db.schema.createIndex('apiFileByOwner').on('apiFile').columns(['ownerId', 'createdAt', 'id']).execute();
    await db.schema.createIndex('apiFileByHash').on('apiFile').column('hash').execute();
    await db.schema.createIndex('apiFileByExpiry').on('apiFile').column('expiresAt').execute();
    let batch = db.schema
      .createTable('apiBatch')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'));
    for (const name of ['keyId', 'teamId', 'models', 'outputFileId', 'errorFileId', 'errors', 'metadata'] as const) {
      batch = batch.addColumn(name, 'text');
    }
    for (const name of ['endpoint', 'inputFileId', 'completionWindow', 'status'] as const) {
      batch = batch.addColumn(name, 'text', (column) => column.notNull());
    }
    for (const name of COUNTS) batch = batch.addColumn(name, 'bigint', (column) => column.notNull());
    for (const name of TIMES) batch = batch.addColumn(name, 'bigint');
    await batch.execute();
    await db.schema.createIndex('apiBatchByOwner').on('apiBatch').columns(['ownerId', 'createdAt', 'id']).execute();
    await db.schema
      .createTable('apiBatchLine')
      .addColumn('batchId', 'text', (column) => column.notNull().references('apiBatch.id').onDelete('cascade'))
      .addColumn('line', 'integer', (column) => column.notNull())
      .addColumn('customId', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('result', 'text')
      .addPrimaryKeyConstraint('apiBatchLineKey', ['batchId', 'line'])
      .execute();
    await db.schema
      .createIndex('apiBatchLineByState')
      .on('apiBatchLine')
      .columns(['batchId', 'state', 'line'])
      .execute();
  },
};

const COUNTS = [
  'total',
  'completed',
  'failed',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'reasoningTokens',
  'createdAt',
  'expiresAt',
] as const;
const TIMES = [
  'outputExpiresInMs',
  'inProgressAt',
  'finalizingAt',
  'completedAt',
  'failedAt',
  'expiredAt',
  'cancellingAt',
  'cancelledAt',
] as const;
