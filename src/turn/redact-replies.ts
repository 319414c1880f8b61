import type { MemoryUse } from '../../contract/memory.ts';
import { receiptSchema, type Receipt } from '../../contract/messages.ts';
import { readReceipt } from '../conversation/conversation-store.ts';
import type { Forgotten } from '../memory/forgotten.ts';
import type { Pair } from '../memory/pair-view.ts';
import type { Trx } from '../storage/storage.ts';
import { deletePromptTexts, redactPromptRecord } from './prompt-record-store.ts';
import { listReceiptsNaming, writeReceiptBody } from './receipt-redaction-store.ts';
import { redactSegment, redactUses } from './redact-memory.ts';
import { isToolSegment, redactToolText } from './redact-tools.ts';

/**
 * Takes forgotten words out of what is kept of a pair's replies: the receipts that list them and the prompts that told
 * them. Returns the conversations in which something was found; engines may still hold its tokens.
 */
export async function redactReplies(
  trx: Trx,
  { pair, forgotten }: { pair: Pair; forgotten: Forgotten },
): Promise<string[]> {
  const ids = [...forgotten.items.keys(), ...forgotten.messages.keys(), ...forgotten.conversationIds];
  const stale = new Map<string, string[]>();
  for (const { messageId, conversationId, body } of await listReceiptsNaming(trx, { pair, ids })) {
    const hashes = await redactReply(trx, { messageId, body, forgotten });
    if (hashes) stale.set(conversationId, [...(stale.get(conversationId) ?? []), ...hashes]);
  }
  for (const [conversationId, hashes] of stale) await deletePromptTexts(trx, { conversationId, hashes });
  return [...stale.keys()];
}

/** The same for one reply, as it is kept; true where something was found. */
export async function redactKeptReply(
  trx: Trx,
  { messageId, conversationId, forgotten }: { messageId: string; conversationId: string; forgotten: Forgotten },
): Promise<boolean> {
  const body = await readReceipt(trx, messageId);
  const hashes = body === undefined ? undefined : await redactReply(trx, { messageId, body, forgotten });
  if (hashes) await deletePromptTexts(trx, { conversationId, hashes });
  return hashes !== undefined;
}

async function redactReply(
  trx: Trx,
  { messageId, body, forgotten }: { messageId: string; body: string; forgotten: Forgotten },
): Promise<string[] | undefined> {
  const receipt: Receipt = receiptSchema.parse(JSON.parse(body));
  const { memory } = receipt;
  const left: MemoryUse[] | undefined = memory && redactUses(memory.used, forgotten);
  if (!memory || !left) return undefined;
  await writeReceiptBody(trx, {
    messageId,
    body: JSON.stringify({ ...receipt, promptDigest: '', memory: { ...memory, used: left } }),
  });
  return redactPromptRecord(trx, {
    messageId,
    redact: ({ kind, text, isPart }) =>
      isToolSegment(kind)
        ? redactToolText({ text, isPart }, { used: memory.used, forgotten })
        : redactSegment({ kind, text }, { used: memory.used, forgotten }),
  });
}
