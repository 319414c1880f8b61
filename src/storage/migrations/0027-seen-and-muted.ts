import type { Migration } from '../migrate.ts';

/** Until when somebody read a conversation, and whether they want to hear of it. */
export const seenAndMutedMigration: Migration = {
  name: '0027-seen-and-muted',
  async up({ db }) {
    const mark = db.schema.alterTable('conversationMark');
    await mark.addColumn('muted', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await mark.addColumn('seenAt', 'bigint').execute();
  },
};
