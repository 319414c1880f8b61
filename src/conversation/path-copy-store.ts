import { z } from 'zod';
import type { Audience } from '../../contract/rooms.ts';
import type { Trx } from '../storage/storage.ts';
import { inChunks } from './message-batch-store.ts';

/** What becomes of ids when a path is copied into another conversation. */
export interface PathCopy {
  from: string;
  to: string;
  /** Copies by the originals' ids. */
  messages: ReadonlyMap<string, string>;
  participants: ReadonlyMap<string, string>;
  /** Copied participants who are not there in the copy. */
  absent: ReadonlySet<string>;
}

const receiptSchema = z.looseObject({ messageId: z.string() });
const stageSchema = z.looseObject({ present: z.record(z.string(), z.string()) });

/** An audience in the words of the copy: people keep having heard what they heard. */
export function copyAudience(audience: Audience, participants: ReadonlyMap<string, string>): Audience {
  if (audience === 'everyone') return audience;
  return audience.map((id) => participants.get(id)).filter((id) => id !== undefined);
}

/** Copies what hangs on the messages of a path, and the books of the conversation. */
export async function copyBesideMessages(trx: Trx, copy: PathCopy): Promise<void> {
  for (const ids of inChunks([...copy.messages.keys()])) {
    await copyStates(trx, copy, ids);
    await copyClips(trx, copy, ids);
    await copyReceipts(trx, copy, ids);
    await copyStages(trx, copy, ids);
  }
  const links = await trx
    .selectFrom('lorebookLink')
    .selectAll()
    .where('targetKind', '=', 'conversation')
    .where('targetId', '=', copy.from)
    .execute();
  if (links.length > 0) {
    const copied = links.map((link) => ({ ...link, targetId: copy.to }));
    await trx.insertInto('lorebookLink').values(copied).execute();
  }
}

async function copyStates(trx: Trx, { to, messages }: PathCopy, ids: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('turnState').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map((row) => ({ ...row, messageId: copyOf(messages, row.messageId), conversationId: to }));
  if (copied.length > 0) await trx.insertInto('turnState').values(copied).execute();
}

async function copyClips(trx: Trx, { to, messages }: PathCopy, ids: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('voiceClip').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map((row) => ({ ...row, messageId: copyOf(messages, row.messageId), conversationId: to }));
  if (copied.length > 0) await trx.insertInto('voiceClip').values(copied).execute();
}

async function copyReceipts(trx: Trx, { to, messages }: PathCopy, ids: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('receipt').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map(({ messageId: original, body }) => {
    const messageId = copyOf(messages, original);
    return {
      messageId,
      conversationId: to,
      body: JSON.stringify({ ...receiptSchema.parse(JSON.parse(body)), messageId }),
    };
  });
  if (copied.length > 0) await trx.insertInto('receipt').values(copied).execute();
}

/** What copied messages were told of who is there, and where. */
async function copyStages(
  trx: Trx,
  { to, messages, participants, absent }: PathCopy,
  ids: readonly string[],
): Promise<void> {
  const rows = await trx.selectFrom('stage').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map(({ messageId, body }) => {
    const stage = stageSchema.parse(JSON.parse(body));
    const present = Object.entries(stage.present).flatMap(([id, door]) => {
      const person = participants.get(id);
      return person === undefined || absent.has(person) ? [] : [[person, door] as const];
    });
    const copiedStage = { ...stage, present: Object.fromEntries(present) };
    return { messageId: copyOf(messages, messageId), conversationId: to, body: JSON.stringify(copiedStage) };
  });
  if (copied.length > 0) await trx.insertInto('stage').values(copied).execute();
}

function copyOf(messages: ReadonlyMap<string, string>, id: string): string {
  return messages.get(id) ?? id;
}
