import type { z } from 'zod';
import {
  openboxRunSchema,
  openboxTaskResultSchema,
  type OpenboxRun,
  type OpenboxTaskResult,
} from '../../../../contract/openbox.ts';
import { inChunks } from '../../../base/in-chunks.ts';
import type { Row } from '../../../storage/schema.ts';
import type { Db, Trx } from '../../../storage/storage.ts';

const summarySchema = openboxRunSchema.pick({ score: true, categories: true, languages: true, prediction: true });
const detailsSchema = openboxTaskResultSchema.pick({ reasons: true, answer: true });

export async function insertRun(
  trx: Trx,
  { run, results }: { run: OpenboxRun; results: readonly OpenboxTaskResult[] },
): Promise<void> {
  const { score, categories, languages, prediction, complete, ...facts } = run;
  const summary = JSON.stringify({ score, categories, languages, prediction });
  await trx
    .insertInto('openboxRun')
    .values({ ...facts, complete: complete ? 1 : 0, summary })
    .execute();
  const rows = results.map(({ reasons, answer, ...result }, position) => ({
    ...result,
    runId: run.id,
    position,
    details: JSON.stringify({ reasons, answer }),
  }));
  for (const some of inChunks(rows)) await trx.insertInto('openboxResult').values(some).execute();
}

/** The newest first. */
export async function listRuns(db: Db, limit: number): Promise<OpenboxRun[]> {
  const rows = await db
    .selectFrom('openboxRun')
    .selectAll()
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(readRun);
}

export async function findRun(db: Db, id: string): Promise<OpenboxRun | undefined> {
  const row = await db.selectFrom('openboxRun').selectAll().where('id', '=', id).executeTakeFirst();
  return row && readRun(row);
}

/** In the order in which the tasks were asked for. */
export async function listResults(db: Db, runId: string): Promise<OpenboxTaskResult[]> {
  const rows = await db
    .selectFrom('openboxResult')
    .selectAll()
    .where('runId', '=', runId)
    .orderBy('position')
    .execute();
  return rows.map(({ details, runId: _run, position: _position, ...row }) =>
    openboxTaskResultSchema.parse({ ...row, ...detailsSchema.parse(JSON.parse(details)) }),
  );
}

export async function deleteRun(trx: Trx, id: string): Promise<boolean> {
  await trx.deleteFrom('openboxResult').where('runId', '=', id).execute();
  const { numDeletedRows } = await trx.deleteFrom('openboxRun').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

function readRun({ summary, complete, ...facts }: Row<'openboxRun'>): OpenboxRun {
  return { ...facts, complete: complete === 1, ...parseSummary(summary) };
}

function parseSummary(summary: string): z.infer<typeof summarySchema> {
  return summarySchema.parse(JSON.parse(summary));
}
