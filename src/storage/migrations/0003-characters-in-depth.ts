import type { Migration } from '../migrate.ts';

/** Lorebooks, personas, presets, exact prompts, files of cards, and what a person made of their library. */
export const charactersInDepthMigration: Migration = {
  name: '0003-characters-in-depth',
  async up(context) {
    await widenConversations(context);
    await createPromptTables(context);
    await createLoreTables(context);
    await createPersonaTables(context);
    await createLibraryTables(context);
  },
};

const widenConversations: Migration['up'] = async ({ db }) => {
  for (const column of ['personaId', 'promptPresetId', 'authorsNote', 'foreign']) {
    await db.schema.alterTable('conversation').addColumn(column, 'text').execute();
  }
  await db.schema
    .alterTable('message')
    .addColumn('hidden', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('message').addColumn('foreign', 'text').execute();
};

const createPromptTables: Migration['up'] = async ({ db }) => {
  for (const table of ['promptRecord', 'turnState']) {
    await db.schema
      .createTable(table)
      .addColumn('messageId', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex(`${table}ByConversation`).on(table).column('conversationId').execute();
  }
  await db.schema
    .createTable('promptText')
    .addColumn('conversationId', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('promptTextKey', ['conversationId', 'hash'])
    .execute();
  await db.schema
    .createTable('promptPreset')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addColumn('deletedAt', 'bigint')
    .execute();
  await db.schema.createIndex('promptPresetByOwner').on('promptPreset').column('ownerId').execute();
};

const createLoreTables: Migration['up'] = async ({ db }) => {
  await db.schema
    .createTable('lorebook')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('entryCount', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('contentHash', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addColumn('deletedAt', 'bigint')
    .execute();
  await db.schema.createIndex('lorebookByOwner').on('lorebook').columns(['ownerId', 'updatedAt']).execute();
  await db.schema
    .createTable('lorebookLink')
    .addColumn('lorebookId', 'text', (column) => column.notNull().references('lorebook.id').onDelete('cascade'))
    .addColumn('targetKind', 'text', (column) => column.notNull())
    .addColumn('targetId', 'text', (column) => column.notNull())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('lorebookLinkKey', ['lorebookId', 'targetKind', 'targetId'])
    .execute();
  await db.schema
    .createIndex('lorebookLinkByTarget')
    .on('lorebookLink')
    .columns(['ownerId', 'targetKind', 'targetId'])
    .execute();
};

const createPersonaTables: Migration['up'] = async ({ db }) => {
  await db.schema
    .createTable('persona')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('pictureHash', 'text')
    .addColumn('position', 'text', (column) => column.notNull())
    .addColumn('depth', 'integer', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('isDefault', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('updatedAt', 'bigint', (column) => column.notNull())
    .addColumn('deletedAt', 'bigint')
    .execute();
  await db.schema.createIndex('personaByOwner').on('persona').column('ownerId').execute();
  await db.schema.createIndex('personaByPicture').on('persona').column('pictureHash').execute();
};

const createLibraryTables: Migration['up'] = async ({ db }) => {
  await db.schema
    .createTable('characterFolder')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('ownerId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('characterFolderByOwner').on('characterFolder').column('ownerId').execute();
  await db.schema
    .createTable('characterMark')
    .addColumn('userId', 'text', (column) => column.notNull())
    .addColumn('characterId', 'text', (column) => column.notNull().references('character.id').onDelete('cascade'))
    .addColumn('favourite', 'integer', (column) => column.notNull())
    .addColumn('folderId', 'text')
    .addColumn('tags', 'text', (column) => column.notNull())
    .addColumn('personaId', 'text')
    .addColumn('lastUsedAt', 'bigint')
    .addPrimaryKeyConstraint('characterMarkKey', ['userId', 'characterId'])
    .execute();
  await db.schema.createIndex('characterMarkByCharacter').on('characterMark').column('characterId').execute();
  await db.schema
    .createTable('versionAsset')
    .addColumn('versionId', 'text', (column) => column.notNull().references('characterVersion.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('ext', 'text', (column) => column.notNull())
    .addColumn('uri', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('versionAssetKey', ['versionId', 'position'])
    .execute();
  await db.schema.createIndex('versionAssetByHash').on('versionAsset').column('hash').execute();
};
