import type { Migration } from '../migrate.ts';

/** A list of books shows what each is about without reading its entries. */
export const lorebookDescriptionsMigration: Migration = {
  name: '0009-lorebook-descriptions',
  async up({ db }) {
    await db.schema
      .alterTable('lorebook')
      .addColumn('description', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
  },
};
