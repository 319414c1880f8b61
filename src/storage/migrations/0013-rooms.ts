import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** Several characters and several humans in one conversation. */
export const roomsMigration: Migration = {
  name: '0013-rooms',
  async up({ db }) {
    await db.schema.alterTable('conversation').addColumn('room', 'text').execute();
    const participant = db.schema.alterTable('participant');
    await participant.addColumn('role', 'text', (column) => column.notNull().defaultTo('character')).execute();
    await participant.addColumn('fromStart', 'integer', (column) => column.notNull().defaultTo(1)).execute();
    await participant.addColumn('personaId', 'text').execute();
    await participant.addColumn('characterVersionId', 'text').execute();
    await participant.addColumn('muted', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await participant.addColumn('talkativeness', 'integer', (column) => column.notNull().defaultTo(50)).execute();
    await participant.addColumn('position', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await participant.addColumn('leftAt', 'bigint').execute();
    await sql`update "participant" set "role" = 'host' where "kind" = 'human'`.execute(db);
    await db.schema
      .createIndex('participantBySubject')
      .on('participant')
      .columns(['subjectId', 'conversationId'])
      .execute();
    const message = db.schema.alterTable('message');
    await message.addColumn('manner', 'text', (column) => column.notNull().defaultTo('open')).execute();
    await message.addColumn('stageId', 'text').execute();
    await db.schema
      .createTable('stage')
      .addColumn('messageId', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('stageByConversation').on('stage').column('conversationId').execute();
    await db.schema
      .createTable('roomInvite')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('conversationId', 'text', (column) =>
        column.notNull().references('conversation.id').onDelete('cascade'),
      )
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('createdBy', 'text', (column) => column.notNull())
      .addColumn('note', 'text', (column) => column.notNull())
      .addColumn('usesLeft', 'integer', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addColumn('expiresAt', 'bigint', (column) => column.notNull())
      .addColumn('revokedAt', 'bigint')
      .execute();
    await db.schema.createIndex('roomInviteByConversation').on('roomInvite').column('conversationId').execute();
  },
};
