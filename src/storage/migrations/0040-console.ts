import type { Migration } from '../migrate.ts';

/** Teams, keys with limits that can be rotated, and what went over the wire. */
export const consoleMigration: Migration = {
  name: '0040-console',
  async up({ db }) {
    await db.schema
      .createTable('team')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('deletedAt', 'bigint')
      .execute();
    await db.schema
      .createTable('teamMember')
      .addColumn('teamId', 'text', (column) => column.notNull().references('team.id').onDelete('cascade'))
      .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('teamMemberKey', ['teamId', 'userId'])
      .execute();
    await db.schema.createIndex('teamMemberByUser').on('teamMember').column('userId').execute();
    await db.schema.alterTable('apiKey').addColumn('requestsPerMinute', 'integer').execute();
    await db.schema.alterTable('apiKey').addColumn('tokensPerMinute', 'integer').execute();
    await db.schema.alterTable('apiKey').addColumn('previousHash', 'text').execute();
    await db.schema.alterTable('apiKey').addColumn('previousUntil', 'bigint').execute();
    await db.schema.createIndex('apiKeyByPreviousHash').on('apiKey').column('previousHash').execute();
    await db.schema.createIndex('apiKeyByTeam').on('apiKey').column('teamId').execute();
    await db.schema
      .createTable('requestLog')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
      .addColumn('keyId', 'text')
      .addColumn('teamId', 'text')
      .addColumn('method', 'text', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull())
      .addColumn('status', 'integer', (column) => column.notNull())
      .addColumn('requestBody', 'text')
      .addColumn('responseBody', 'text')
      .addColumn('truncated', 'integer', (column) => column.notNull())
      .addColumn('durationInMs', 'double precision', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('requestLogByTime').on('requestLog').column('createdAt').execute();
    await db.schema.createIndex('requestLogByUser').on('requestLog').columns(['userId', 'createdAt']).execute();
  },
};
