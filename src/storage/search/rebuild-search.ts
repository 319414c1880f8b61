import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { StorageDialect } from '../migrate.ts';
import type { Tables } from '../schema.ts';
import type { Trx } from '../storage.ts';
import { MessageSearchStore } from './message-search-store.ts';

/** Messages read at once. */
const PAGE = 500;

/** Only what is searched: parts of later versions pass. */
const partsSchema = z.array(z.looseObject({ type: z.string(), text: z.string().optional() }));

/** Indexes the words of every message again; the index is empty before. */
export async function rebuildSearch(db: Kysely<Tables>, dialect: StorageDialect): Promise<void> {
  const search = new MessageSearchStore(dialect);
  for (let after = ''; ;) {
    const page = await db
      .selectFrom('message')
      .select(['id', 'conversationId', 'parts'])
      .where('id', '>', after)
      .where('deletedAt', 'is', null)
      .where('state', '!=', 'streaming')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    for (const { id, conversationId, parts } of page) {
      const text = partsSchema
        .parse(JSON.parse(parts))
        .flatMap((part) => (part.type === 'text' && part.text !== undefined ? [part.text] : []))
        .join('\n\n');
      await search.put(db as Trx, { id, conversationId, text });
    }
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}
