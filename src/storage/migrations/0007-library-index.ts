import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** What the library lists and searches, made from the cards and made again when it is missing. */
export const libraryIndexMigration: Migration = {
  name: '0007-library-index',
  async up(context) {
    await createCharacterIndex(context);
    await createCharacterTags(context);
    await createTallies(context);
    await context.db.schema
      .createIndex('characterMarkByUse')
      .on('characterMark')
      .columns(['userId', 'lastUsedAt'])
      .execute();
  },
};

const createCharacterIndex: Migration['up'] = async ({ db, dialect }) => {
  const sqlite = dialect === 'sqlite';
  await db.schema
    .createTable('characterIndex')
    .addColumn('row', sqlite ? 'integer' : 'bigserial', (column) =>
      sqlite ? column.primaryKey().autoIncrement() : column.primaryKey(),
    )
    .addColumn('characterId', 'text', (column) =>
      column.notNull().unique().references('character.id').onDelete('cascade'),
    )
    .addColumn('shelf', 'text')
    .addColumn('versionId', 'text', (column) => column.notNull())
    .addColumn('format', 'integer', (column) => column.notNull())
    .addColumn('slug', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addColumn('hasLore', 'integer', (column) => column.notNull())
    .addColumn('nameKeyEn', 'text', (column) => column.notNull())
    .addColumn('nameKeyZh', 'text', (column) => column.notNull())
    .addColumn('names', 'text', (column) => column.notNull())
    .addColumn('pictureHash', 'text')
    .addColumn('locales', 'text', (column) => column.notNull())
    .addColumn('summaryEn', 'text', (column) => column.notNull())
    .addColumn('summaryZh', 'text', (column) => column.notNull())
    .execute();
  for (const key of ['nameKeyEn', 'nameKeyZh'] as const) {
    // Keys are ASCII and compared byte by byte, whatever the database's own collation.
    if (!sqlite) await sql`alter table "characterIndex" alter column ${sql.id(key)} type text collate "C"`.execute(db);
    await db.schema
      .createIndex(`characterIndexBy${key === 'nameKeyEn' ? 'English' : 'Chinese'}Name`)
      .on('characterIndex')
      .columns(['shelf', key, 'characterId'])
      .execute();
  }
  await db.schema
    .createIndex('characterIndexByAge')
    .on('characterIndex')
    .columns(['shelf', 'createdAt', 'characterId', 'hasLore'])
    .execute();
  if (sqlite) {
    await sql`create virtual table "characterSearch" using fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')`.execute(
      db,
    );
  } else {
    await sql`alter table "characterIndex" add column "words" tsvector`.execute(db);
    await sql`create index "characterIndexWords" on "characterIndex" using gin ("words")`.execute(db);
  }
};

const createCharacterTags: Migration['up'] = async ({ db }) => {
  await db.schema
    .createTable('characterTag')
    .addColumn('characterId', 'text', (column) => column.notNull().references('character.id').onDelete('cascade'))
    .addColumn('userId', 'text', (column) => column.notNull())
    .addColumn('locale', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('shelf', 'text')
    .addPrimaryKeyConstraint('characterTagKey', ['characterId', 'userId', 'locale', 'key'])
    .execute();
  await db.schema
    .createIndex('characterTagByShelf')
    .on('characterTag')
    .columns(['shelf', 'userId', 'key', 'characterId', 'locale', 'label'])
    .execute();
  await db.schema.createIndex('characterTagByUser').on('characterTag').columns(['userId', 'key']).execute();
};

const createTallies: Migration['up'] = async ({ db }) => {
  await db.schema
    .createTable('conversationTally')
    .addColumn('conversationId', 'text', (column) =>
      column.primaryKey().references('conversation.id').onDelete('cascade'),
    )
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addColumn('countedId', 'text', (column) => column.notNull())
    .addColumn('deleted', 'integer', (column) => column.notNull())
    .addColumn('humanMessages', 'integer', (column) => column.notNull())
    .addColumn('characterMessages', 'integer', (column) => column.notNull())
    .addColumn('humanWords', 'bigint', (column) => column.notNull())
    .addColumn('characterWords', 'bigint', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('firstAt', 'bigint')
    .addColumn('lastAt', 'bigint')
    .execute();
  await db.schema.createIndex('messageByAge').on('message').columns(['conversationId', 'id']).execute();
  await db.schema
    .createIndex('conversationByCharacter')
    .on('conversation')
    .columns(['ownerId', 'characterId'])
    .execute();
};
