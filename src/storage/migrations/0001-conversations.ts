import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** Characters, the conversation tree, receipts, events, settings, providers and search. */
export const conversationsMigration: Migration = {
  name: '0001-conversations',
  async up({ db, dialect }) {
    await db.schema
      .createTable('character')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text')
      .addColumn('slug', 'text', (column) => column.notNull())
      .addColumn('currentVersionId', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .addColumn('deletedAt', 'bigint')
      .execute();
    await db.schema.createIndex('characterByOwner').on('character').columns(['ownerId', 'slug']).execute();
    await db.schema
      .createTable('characterVersion')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('characterId', 'text', (column) => column.notNull().references('character.id'))
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('card', 'text', (column) => column.notNull())
      .addColumn('contentHash', 'text', (column) => column.notNull())
      .addColumn('pictureHash', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('characterVersionNumber', ['characterId', 'version'])
      .execute();
    await db.schema.createIndex('characterVersionByPicture').on('characterVersion').column('pictureHash').execute();
    await db.schema
      .createTable('asset')
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('mediaType', 'text', (column) => column.notNull())
      .addColumn('size', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('conversation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('characterId', 'text', (column) => column.notNull().references('character.id'))
      .addColumn('characterVersionId', 'text', (column) => column.notNull().references('characterVersion.id'))
      .addColumn('locale', 'text', (column) => column.notNull())
      .addColumn('title', 'text')
      .addColumn('leafId', 'text')
      .addColumn('revision', 'integer', (column) => column.notNull())
      .addColumn('messageCount', 'integer', (column) => column.notNull())
      .addColumn('preview', 'text', (column) => column.notNull())
      .addColumn('model', 'text')
      .addColumn('preset', 'text', (column) => column.notNull())
      .addColumn('clientId', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('updatedAt', 'bigint', (column) => column.notNull())
      .addColumn('deletedAt', 'bigint')
      .addUniqueConstraint('conversationOncePerClient', ['ownerId', 'clientId'])
      .execute();
    await db.schema
      .createIndex('conversationByOwner')
      .on('conversation')
      .columns(['ownerId', 'updatedAt', 'id'])
      .execute();
    await db.schema
      .createTable('participant')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull().references('conversation.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subjectId', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('participantByConversation').on('participant').column('conversationId').execute();
    await db.schema
      .createTable('message')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull().references('conversation.id'))
      .addColumn('parentId', 'text')
      .addColumn('depth', 'integer', (column) => column.notNull())
      .addColumn('authorKind', 'text', (column) => column.notNull())
      .addColumn('authorId', 'text', (column) => column.notNull())
      .addColumn('authorName', 'text', (column) => column.notNull())
      .addColumn('parts', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('failure', 'text')
      .addColumn('audience', 'text', (column) => column.notNull())
      .addColumn('editOf', 'text')
      .addColumn('clientId', 'text')
      .addColumn('activeChildId', 'text')
      .addColumn('hasReceipt', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('settledAt', 'bigint')
      .addColumn('deletedAt', 'bigint')
      .addUniqueConstraint('messageOncePerClient', ['conversationId', 'clientId'])
      .execute();
    await db.schema
      .createIndex('messageByParent')
      .on('message')
      .columns(['conversationId', 'parentId', 'id'])
      .execute();
    await sql`create index "messageStreaming" on "message" ("state") where "state" = 'streaming'`.execute(db);
    await db.schema
      .createTable('receipt')
      .addColumn('messageId', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('receiptByConversation').on('receipt').column('conversationId').execute();
    await db.schema
      .createTable('event')
      .addColumn('sequence', dialect === 'sqlite' ? 'integer' : 'bigserial', (column) =>
        dialect === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey(),
      )
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('actorId', 'text')
      .addColumn('subjectId', 'text', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('eventBySubject').on('event').columns(['subjectId', 'sequence']).execute();
    await db.schema
      .createTable('setting')
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('settingKey', ['scope', 'key'])
      .execute();
    await db.schema
      .createTable('provider')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('baseUrl', 'text')
      .addColumn('models', 'text', (column) => column.notNull())
      .addColumn('sealedKey', 'text')
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await createSearch({ db, dialect });
  },
};

const createSearch: Migration['up'] = async ({ db, dialect }) => {
  await db.schema
    .createTable('messageSearchRow')
    .addColumn('row', dialect === 'sqlite' ? 'integer' : 'bigserial', (column) =>
      dialect === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey(),
    )
    .addColumn('messageId', 'text', (column) => column.notNull().unique())
    .addColumn('conversationId', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('messageSearchRowByConversation')
    .on('messageSearchRow')
    .column('conversationId')
    .execute();
  if (dialect === 'sqlite') {
    await sql`create virtual table "messageSearch" using fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`.execute(
      db,
    );
  } else {
    await sql`alter table "messageSearchRow" add column "words" tsvector`.execute(db);
    await sql`create index "messageSearchWords" on "messageSearchRow" using gin ("words")`.execute(db);
  }
};
