import { z } from 'zod';
import { memorySummarySchema } from '../../../contract/memory.ts';
import type { Row } from '../../storage/schema.ts';
import type { Db, Trx } from '../../storage/storage.ts';

/** One sentence and the messages it rests on. */
export interface SummarySentence {
  text: string;
  sources: string[];
}

export type SummaryLayer = 'scene' | 'session' | 'relationship';

/** A summary as it is kept; whether it holds is decided on the path. */
export type SummaryRecord = Omit<Row<'memorySummary'>, 'layer' | 'body'> & {
  layer: SummaryLayer;
  sentences: SummarySentence[];
};

const { layer: layerSchema, sentences: sentencesSchema } = memorySummarySchema.shape;
/** Conversations asked for in one statement. */
const IDS_AT_ONCE = 500;

function toRecord({ layer, body, ...row }: Row<'memorySummary'>): SummaryRecord {
  return {
    ...row,
    layer: layerSchema.parse(layer),
    sentences: z.array(sentencesSchema.element).parse(JSON.parse(body)),
  };
}

/** Every summary of these conversations, or of one character in them, on whichever branch, oldest written first. */
export async function listSummaries(
  db: Db,
  { characterId, conversationIds }: { characterId?: string; conversationIds: readonly string[] },
): Promise<SummaryRecord[]> {
  const found: SummaryRecord[] = [];
  for (let start = 0; start < conversationIds.length; start += IDS_AT_ONCE) {
    const rows = await db
      .selectFrom('memorySummary')
      .selectAll()
      .$if(characterId !== undefined, (query) => query.where('characterId', '=', characterId ?? ''))
      .where('conversationId', 'in', conversationIds.slice(start, start + IDS_AT_ONCE))
      .orderBy('createdAt')
      .orderBy('id')
      .execute();
    found.push(...rows.map(toRecord));
  }
  return found;
}

/** Messages below which nothing is summed up. */
const LEAST_MESSAGES = 4;

/** Conversations in which something happened since the newest summary was written, the latest first. */
export async function listUnsummarised(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('deletedAt', 'is', null)
    .where('memory', '!=', 'private')
    .where('messageCount', '>=', LEAST_MESSAGES)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('memorySummary')
            .select('memorySummary.id')
            .whereRef('memorySummary.conversationId', '=', 'conversation.id')
            .whereRef('memorySummary.createdAt', '>=', 'conversation.updatedAt'),
        ),
      ),
    )
    .orderBy('updatedAt', 'desc')
    .execute();
  return rows.map(({ id }) => id);
}

export async function readSummary(db: Db, id: string): Promise<SummaryRecord | undefined> {
  const row = await db.selectFrom('memorySummary').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toRecord(row);
}

export async function insertSummary(trx: Trx, { layer, sentences, ...row }: SummaryRecord): Promise<void> {
  await trx
    .insertInto('memorySummary')
    .values({ ...row, layer, body: JSON.stringify(sentences) })
    .execute();
}

export async function deleteSummaries(trx: Trx, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    await trx
      .deleteFrom('memorySummary')
      .where('id', 'in', ids.slice(start, start + IDS_AT_ONCE))
      .execute();
  }
}
