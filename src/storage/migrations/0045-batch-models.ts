import type { Migration } from '../migrate.ts';

/** Which model answers a batch; batches that were begun before do not tell. */
export const batchModelsMigration: Migration = {
  name: '0045-batch-models',
  async up({ db }) {
    await db.schema.alterTable('apiBatch').addColumn('model', 'text').execute();
  },
};
