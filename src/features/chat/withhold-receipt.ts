import type { MemoryUse } from '../../../contract/memory.ts';
import type { Receipt } from '../../../contract/messages.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { findSeat, type ParticipantRecord } from '../../conversation/participant-store.ts';
import { witnesses } from '../../conversation/stage.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';

/** A guest sees how long a reply took and on which model, not what a character remembers or which lore the host has. */
export function receiptForGuest({ memory: _memory, lore: _lore, segments, ...receipt }: Receipt): Receipt {
  return {
    ...receipt,
    segments: segments.map(({ owner: _owner, ...segment }) => segment),
    ...(receipt.turn ? { turn: { ...receipt.turn, why: '' } } : {}),
  };
}

/** The host sees what was remembered, without the words of messages that the host did not hear. */
export async function withholdMemories(db: Db, receipt: Receipt, userId: string): Promise<Receipt> {
  const { memory } = receipt;
  if (!memory || memory.used.length === 0) return receipt;
  const unheard = await findUnheard(db, { used: memory.used, userId });
  if (unheard.size === 0) return receipt;
  const used = memory.used.map((use) => (unheard.has(use.id) ? withheld(use) : use));
  return { ...receipt, memory: { ...memory, used } };
}

/** Ids of the memories that rest on a message of which a human is no witness. */
export async function findUnheard(
  db: Db,
  { used, userId }: { used: readonly MemoryUse[]; userId: string },
): Promise<Set<string>> {
  const sources = used.flatMap((use) => use.sources);
  const nodes = await readMessages(db, [...new Set(sources.map(({ messageId }) => messageId))]);
  const listed = nodes.filter(({ audience }) => audience !== 'everyone');
  const seats = new Map<string, ParticipantRecord | undefined>();
  for (const { conversationId } of listed) {
    if (!seats.has(conversationId)) seats.set(conversationId, await findSeat(db, { conversationId, userId }));
  }
  const isUnheard = (node: MessageNode) => {
    const seat = seats.get(node.conversationId);
    return seat === undefined || !witnesses(node, seat);
  };
  const secret = new Set(listed.filter(isUnheard).map(({ id }) => id));
  const resting = used.filter((use) => use.sources.some(({ messageId }) => secret.has(messageId)));
  return new Set(resting.map(({ id }) => id));
}

function withheld(use: MemoryUse): MemoryUse {
  return { ...use, text: '', speaker: '', words: [], withheld: true };
}
