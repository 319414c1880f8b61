import type { MemoryUse } from '../../../contract/memory.ts';
import type { PromptRecord } from '../../../contract/prompts.ts';
import { readPathUp } from '../../conversation/message-store.ts';
import type { Seat } from '../../conversation/seat.ts';
import { witnesses } from '../../conversation/stage.ts';
import { textOf } from '../../conversation/tree-types.ts';
import type { Db } from '../../storage/storage.ts';
import { findUnheard } from './withhold-receipt.ts';

/** Stands where words stood that the reader did not hear. */
const MARK = '[…]';
/** Messages above the prompt's end that are looked at: more than any window holds. */
const LOOKED_AT = 2000;
/** Segments that tell of earlier talk in words of their own. */
const TELLING: ReadonlySet<string> = new Set(['memory', 'memory-facts', 'memory-dates', 'memory-summary']);

/**
 * A prompt as the host may read it: a character knows what was whispered to it, the host does not. Where something was
 * taken out, the record says `redacted` and proves no digest. Everything of memory goes where any of it rests on words
 * the host did not hear.
 */
export async function withholdPrompt(
  db: Db,
  record: PromptRecord,
  { conversation, seat, endId, used }: Seat & { endId: string | null; used: readonly MemoryUse[] },
): Promise<PromptRecord> {
  if (conversation.room === null || endId === null) return record;
  const path = await readPathUp(db, { conversationId: conversation.id, fromId: endId, limit: LOOKED_AT });
  const unheard = path.filter((node) => !witnesses(node, seat));
  const remembered = await findUnheard(db, { used, userId: conversation.ownerId });
  if (unheard.length === 0 && remembered.size === 0) return record;
  const secrets = unheard
    .map(({ parts }) => textOf(parts).trim())
    .filter((words) => words !== '')
    .toSorted((a, b) => b.length - a.length);
  const reveal = (kind: string, text: string) =>
    TELLING.has(kind) ? MARK : secrets.reduce((left, words) => left.replaceAll(words, MARK), text);
  const messages = record.messages.map(({ role, pieces }) => ({
    role,
    pieces: pieces.map(({ segment, text }) => ({ segment, text: reveal(record.segments[segment]?.kind ?? '', text) })),
  }));
  return { ...record, messages, exact: false, redacted: true };
}
