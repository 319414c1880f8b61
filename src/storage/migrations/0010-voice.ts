import type { Migration } from '../migrate.ts';

/** Calls, what is kept of their sound, and how characters sound to whom. */
export const voiceMigration: Migration = {
  name: '0010-voice',
  async up({ db }) {
    await db.schema
      .createTable('call')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) =>
        column.notNull().references('conversation.id').onDelete('cascade'),
      )
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('characterId', 'text', (column) => column.notNull())
      .addColumn('locale', 'text', (column) => column.notNull())
      .addColumn('startedAt', 'bigint', (column) => column.notNull())
      .addColumn('endedAt', 'bigint')
      .addColumn('endReason', 'text')
      .addColumn('turns', 'integer', (column) => column.notNull())
      .addColumn('durationInMs', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('callByConversation').on('call').columns(['conversationId', 'startedAt']).execute();
    await db.schema.createIndex('callByOwner').on('call').columns(['ownerId', 'startedAt']).execute();
    await db.schema
      .createTable('voiceClip')
      .addColumn('messageId', 'text', (column) => column.primaryKey().references('message.id').onDelete('cascade'))
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('mediaType', 'text', (column) => column.notNull())
      .addColumn('durationInMs', 'bigint', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('voiceClipByConversation').on('voiceClip').column('conversationId').execute();
    await db.schema.createIndex('voiceClipByHash').on('voiceClip').column('hash').execute();
    await db.schema
      .createTable('characterVoice')
      .addColumn('userId', 'text', (column) => column.notNull())
      .addColumn('characterId', 'text', (column) => column.notNull().references('character.id').onDelete('cascade'))
      .addColumn('locale', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('characterVoiceKey', ['userId', 'characterId', 'locale'])
      .execute();
    await db.schema
      .createTable('pronunciation')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('written', 'text', (column) => column.notNull())
      .addColumn('spoken', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('pronunciationByWord', ['ownerId', 'language', 'written'])
      .execute();
    await db.schema
      .createTable('clonedVoice')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('ownerId', 'text', (column) => column.notNull())
      .addColumn('label', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('providerId', 'text', (column) => column.notNull())
      .addColumn('model', 'text', (column) => column.notNull())
      .addColumn('remoteVoice', 'text', (column) => column.notNull())
      .addColumn('consentName', 'text', (column) => column.notNull())
      .addColumn('consentText', 'text', (column) => column.notNull())
      .addColumn('consentHash', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('clonedVoiceByOwner').on('clonedVoice').column('ownerId').execute();
  },
};
