import { z } from 'zod';
import type { Db, Trx } from '../storage/storage.ts';
import type { ParticipantRecord } from './participant-store.ts';
import { openingStage, type Stage } from './stage.ts';
import type { MessageNode } from './tree-types.ts';

const stageSchema = z.object({
  present: z.record(z.string(), z.string()),
  placeId: z.string().nullable().default(null),
  time: z.string().nullable().default(null),
});

/** The stage at a message: the one that the nearest message up its path left. */
export async function readStage(
  db: Db,
  {
    at,
    participants,
  }: { at: Pick<MessageNode, 'stageId'> | null | undefined; participants: readonly ParticipantRecord[] },
): Promise<Stage> {
  const opening = openingStage(participants);
  if (!at || at.stageId === null) return opening;
  const row = await db.selectFrom('stage').select('body').where('messageId', '=', at.stageId).executeTakeFirst();
  if (!row) return opening;
  const stage = stageSchema.parse(JSON.parse(row.body));
  // Another branch may still have those on its stage who left for good.
  const gone = new Set(participants.filter(({ leftAt }) => leftAt !== null).map(({ id }) => id));
  return { ...stage, present: Object.fromEntries(Object.entries(stage.present).filter(([id]) => !gone.has(id))) };
}

/** Every stage of a conversation, by the message that left it. */
export async function listStages(db: Db, conversationId: string): Promise<Map<string, Stage>> {
  const rows = await db
    .selectFrom('stage')
    .select(['messageId', 'body'])
    .where('conversationId', '=', conversationId)
    .execute();
  return new Map(rows.map(({ messageId, body }) => [messageId, stageSchema.parse(JSON.parse(body))]));
}

/** Keeps the stage from a message on; the message names itself as its `stageId`. */
export async function insertStage(
  trx: Trx,
  { messageId, conversationId, stage }: { messageId: string; conversationId: string; stage: Stage },
): Promise<void> {
  await trx
    .insertInto('stage')
    .values({ messageId, conversationId, body: JSON.stringify(stageSchema.parse(stage)) })
    .execute();
}
