import type { Migration } from '../migrate.ts';

/** Long steps along the paths of long conversations. They are laid where they are missed first. */
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
    await db.schema.createIndex('waypointByConversation').on('waypoint').column('conversationId').execute();
  },
};
