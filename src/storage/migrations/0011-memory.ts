import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** What characters remember, and the work that makes it. */
export const memoryMigration: Migration = {
  name: '0011-memory',
  async up({ db, dialect }) {
    await db.schema
      .alterTable('conversation')
      .addColumn('memory', 'text', (column) => column.notNull().defaultTo('on'))
      .execute();
    await db.schema.alterTable('conversation').addColumn('memoryPausedAt', 'bigint').execute();
    await db.schema
      .createTable('memoryFact')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('characterId', 'text', (column) => column.notNull().references('character.id').onDelete('cascade'))
      .addColumn('conversationId', 'text', (column) => column.references('conversation.id').onDelete('cascade'))
      .addColumn('about', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('quote', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('saidAt', 'bigint', (column) => column.notNull())
      .addColumn('validFrom', 'bigint')
      .addColumn('validTo', 'bigint')
      .addColumn('certainty', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('everywhere', 'integer', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('extractor', 'text')
      .addColumn('replacesId', 'text')
      .addColumn('audience', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('memoryFactByPair')
      .on('memoryFact')
      .columns(['ownerId', 'characterId', 'saidAt'])
      .execute();
    await db.schema.createIndex('memoryFactByConversation').on('memoryFact').column('conversationId').execute();
    await db.schema
      .createTable('memoryFactSource')
      .addColumn('factId', 'text', (column) => column.notNull().references('memoryFact.id').onDelete('cascade'))
      .addColumn('messageId', 'text', (column) => column.notNull().references('message.id').onDelete('cascade'))
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('memoryFactSourceKey', ['factId', 'messageId'])
      .execute();
    await db.schema.createIndex('memoryFactSourceByMessage').on('memoryFactSource').column('messageId').execute();
    await db.schema
      .createTable('memoryDistilled')
      .addColumn('messageId', 'text', (column) => column.primaryKey().references('message.id').onDelete('cascade'))
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('extractor', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('memoryDistilledByConversation')
      .on('memoryDistilled')
      .column('conversationId')
      .execute();
    await createPages(db);
    await db.schema
      .createTable('memoryVector')
      .addColumn('row', dialect === 'sqlite' ? 'integer' : 'bigserial', (column) => column.primaryKey())
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
      .columns(['conversationId', 'model'])
      .execute();
    await db.schema
      .createTable('job')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('priority', 'integer', (column) => column.notNull())
      .addColumn('runAt', 'bigint', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('lockedUntil', 'bigint')
      .addColumn('lastError', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('jobByKey', ['name', 'key'])
      .execute();
    await db.schema.createIndex('jobByTime').on('job').columns(['runAt', 'priority']).execute();
  },
};

/** Summaries, diaries, dates and what must be forgotten. */
async function createPages(db: Parameters<Migration['up']>[0]['db']): Promise<void> {
  await db.schema
    .createTable('memorySummary')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('characterId', 'text', (column) => column.notNull())
    .addColumn('conversationId', 'text', (column) => column.notNull().references('conversation.id').onDelete('cascade'))
    .addColumn('layer', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('fromId', 'text', (column) => column.notNull())
    .addColumn('toId', 'text', (column) => column.notNull())
    .addColumn('coveredHash', 'text', (column) => column.notNull())
    .addColumn('messageCount', 'integer', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('memorySummaryByConversation')
    .on('memorySummary')
    .columns(['conversationId', 'layer'])
    .execute();
  await db.schema
    .createTable('memoryDiary')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('characterId', 'text', (column) => column.notNull().references('character.id').onDelete('cascade'))
    .addColumn('conversationId', 'text', (column) => column.references('conversation.id').onDelete('cascade'))
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('sources', 'text', (column) => column.notNull())
    .addColumn('coveredHash', 'text', (column) => column.notNull())
    .addColumn('by', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('memoryDiaryByPair')
    .on('memoryDiary')
    .columns(['ownerId', 'characterId', 'at'])
    .execute();
  await db.schema
    .createTable('memoryDate')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('characterId', 'text', (column) => column.notNull().references('character.id').onDelete('cascade'))
    .addColumn('conversationId', 'text', (column) => column.references('conversation.id').onDelete('cascade'))
    .addColumn('factId', 'text', (column) => column.references('memoryFact.id').onDelete('cascade'))
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('dueAt', 'bigint', (column) => column.notNull())
    .addColumn('precision', 'text', (column) => column.notNull())
    .addColumn('recurs', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('memoryDateByTime').on('memoryDate').columns(['state', 'dueAt']).execute();
  await db.schema.createIndex('memoryDateByPair').on('memoryDate').columns(['ownerId', 'characterId']).execute();
  await db.schema
    .createTable('memoryRule')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('characterId', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('memoryRuleByOwner').on('memoryRule').columns(['ownerId', 'kind', 'value']).execute();
}
