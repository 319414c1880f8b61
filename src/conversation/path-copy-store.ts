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
  /** Copies of files by the originals' ids. */
  files: ReadonlyMap<string, string>;
}

const receiptSchema = z.looseObject({
  messageId: z.string(),
  files: z.looseObject({ used: z.array(z.looseObject({ attachmentId: z.string() })) }).optional(),
});
const stageSchema = z.looseObject({ present: z.record(z.string(), z.string()) });

/** An audience in the words of the copy: people keep having heard what they heard. */
export function copyAudience(audience: Audience, participants: ReadonlyMap<string, string>): Audience {
  if (audience === 'everyone') return audience;
  return audience.map((id) => participants.get(id)).filter((id) => id !== undefined);
}

/**
 * Keeps a conversation from being purged until this transaction ends, so that what is copied of it cannot lose its
 * bytes meanwhile. False where it is gone.
 */
export async function holdForCopy(trx: Trx, id: string): Promise<boolean> {
  const result = await trx.updateTable('conversation').set({ id }).where('id', '=', id).executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Copies what hangs on the messages of a path, and the books and the tools of the conversation. */
export async function copyBesideMessages(trx: Trx, copy: PathCopy): Promise<void> {
  for (const ids of inChunks([...copy.messages.keys()])) {
    await copyStates(trx, copy, ids);
    await copyClips(trx, copy, ids);
    await copyReceipts(trx, copy, ids);
    await copyStages(trx, copy, ids);
    await copyTranslations(trx, copy, ids);
    await copyReads(trx, copy, ids);
  }
  await copyToolChoices(trx, copy);
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

async function copyTranslations(trx: Trx, { to, messages }: PathCopy, ids: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('messageTranslation').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map((row) => ({ ...row, messageId: copyOf(messages, row.messageId), conversationId: to }));
  if (copied.length > 0) await trx.insertInto('messageTranslation').values(copied).execute();
}

/** What was read for a world is not read again: nothing is proposed a second time. */
async function copyReads(trx: Trx, { to, messages }: PathCopy, ids: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('worldRead').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map((row) => ({ ...row, messageId: copyOf(messages, row.messageId), conversationId: to }));
  if (copied.length > 0) await trx.insertInto('worldRead').values(copied).execute();
}

/** Which tools are on, and what was allowed for this conversation, holds for its copy: it is the same host's. */
async function copyToolChoices(trx: Trx, { from, to }: PathCopy): Promise<void> {
  const rows = await trx
    .selectFrom('toolChoice')
    .selectAll()
    .where('scope', '=', 'conversation')
    .where('subjectId', '=', from)
    .execute();
  if (rows.length === 0) return;
  const copied = rows.map((row) => ({ ...row, subjectId: to }));
  await trx.insertInto('toolChoice').values(copied).execute();
}

async function copyReceipts(trx: Trx, { to, messages, files }: PathCopy, ids: readonly string[]): Promise<void> {
  const rows = await trx.selectFrom('receipt').selectAll().where('messageId', 'in', ids).execute();
  const copied = rows.map(({ messageId: original, body }) => {
    const messageId = copyOf(messages, original);
    const { files: given, ...receipt } = receiptSchema.parse(JSON.parse(body));
    const used = given?.used.map((one) => ({ ...one, attachmentId: copyOf(files, one.attachmentId) }));
    const copiedBody = { ...receipt, messageId, ...(given ? { files: { ...given, used } } : {}) };
    return { messageId, conversationId: to, body: JSON.stringify(copiedBody) };
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

function copyOf(copies: ReadonlyMap<string, string>, id: string): string {
  return copies.get(id) ?? id;
}
