import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

/**
 * Long steps along the paths of long conversations, laid where they are missed first; and deleted messages, few among
 * many, for the map of a tree.
 */
export const waypointsMigration: Migration = {
  name: '0028-waypoints',
  async up({ db }) {
    await db.schema
      .createTable('waypoint')
      .addColumn('messageId', 'text', (column) => column.notNull())
      .addColumn('span', 'integer', (column) => column.notNull())
      .addColumn('conversationId', 'text', (column) => column.notNull())
      .addColumn('depth', 'integer', (column) => column.notNull())
      .addColumn('upId', 'text')
      .addColumn('downId', 'text')
      .addPrimaryKeyConstraint('waypointKey', ['messageId', 'span'])
      .execute();
    await sql`create index "messageDeleted" on "message" ("conversationId") where "deletedAt" is not null`.execute(db);
    await db.schema.createIndex('waypointByConversation').on('waypoint').column('conversationId').execute();
  },
};
