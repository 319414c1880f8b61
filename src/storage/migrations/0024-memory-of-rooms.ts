import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/** In a room each character reads for itself what was said; a message was read by one character only until now. */
export const memoryOfRoomsMigration: Migration = {
  name: '0024-memory-of-rooms',
  async up({ db }) {
    await db.schema
      .createTable('memoryRead')
      .addColumn('messageId', 'text', (column) => column.notNull().references('message.id').onDelete('cascade'))
      .addColumn('characterId', 'text', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('extractor', 'text', (column) => column.notNull())
      .addColumn('createdAt', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('memoryReadKey', ['messageId', 'characterId'])
      .execute();
    await db.schema
      .createIndex('memoryReadByConversation')
      .on('memoryRead')
      .columns(['conversationId', 'characterId'])
      .execute();
    await sql`
      insert into "memoryRead" ("messageId", "characterId", "conversationId", "hash", "extractor", "createdAt")
      select d."messageId", c."characterId", d."conversationId", d."hash", d."extractor", d."createdAt"
      from "memoryDistilled" d join "conversation" c on c."id" = d."conversationId"`.execute(db);
    await db.schema.dropTable('memoryDistilled').execute();
  },
};
