import { sql } from 'kysely';
import type { Trx } from '../storage/storage.ts';

/** Ids named in one statement, below every database's limit of parameters. */
const IDS_AT_ONCE = 500;

/**
 * Lets copied messages be to memory what the originals are: what was forgotten or said during a pause is not remembered
 * through a copy, and what was read for facts is not read again. A pause under way goes on.
 */
export async function copyMemoryOfMessages(
  trx: Trx,
  {
    from,
    to,
    messages,
    newId,
  }: { from: string; to: string; messages: ReadonlyMap<string, string>; newId: () => string },
): Promise<void> {
  const originals = [...messages.keys()];
  for (let start = 0; start < originals.length; start += IDS_AT_ONCE) {
    const ids = originals.slice(start, start + IDS_AT_ONCE);
    const rules = await trx
      .selectFrom('memoryRule')
      .selectAll()
      .where('kind', 'in', ['message', 'paused'])
      .where('value', 'in', ids)
      .execute();
    const copied = rules.map((rule) => {
      const value = messages.get(rule.value) ?? rule.value;
      return { ...rule, id: rule.kind === 'paused' ? `paused:${value}:${rule.characterId ?? ''}` : newId(), value };
    });
    if (copied.length > 0) await trx.insertInto('memoryRule').values(copied).execute();
    const read = await trx.selectFrom('memoryRead').selectAll().where('messageId', 'in', ids).execute();
    const copiedRead = read.map((row) => ({
      ...row,
      messageId: messages.get(row.messageId) ?? row.messageId,
      conversationId: to,
    }));
    if (copiedRead.length > 0) await trx.insertInto('memoryRead').values(copiedRead).execute();
  }
  await sql`update "conversation" set "memoryPausedAt" =
    (select c."memoryPausedAt" from "conversation" c where c."id" = ${from}) where "id" = ${to}`.execute(trx);
}
