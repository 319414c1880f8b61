import type { MemoryFact, MemorySource } from '../../../contract/memory.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import { excerptAround, oneLine } from '../../memory/excerpt.ts';
import type { FactRecord } from '../../memory/facts/fact-record.ts';
import type { PairView } from '../../memory/pair-view.ts';
import type { Db } from '../../storage/storage.ts';

/** Characters of a source that are shown. */
const EXCERPT_LENGTH = 600;

export interface SeenFact {
  fact: FactRecord;
  counts: boolean;
}

/** Facts as a person reads them, each with the words it rests on. */
export async function presentFacts(
  db: Db,
  { view, seen }: { view: PairView; seen: readonly SeenFact[] },
): Promise<MemoryFact[]> {
  const ids = new Set(seen.flatMap(({ fact }) => fact.sources.map(({ messageId }) => messageId)));
  const messages = new Map((await readMessages(db, [...ids])).map((node) => [node.id, node]));
  return seen.map(({ fact, counts }) => {
    const {
      ownerId: _owner,
      characterId: _character,
      conversationId: _conversation,
      language: _language,
      createdAt: _created,
      updatedAt: _updated,
      sources,
      ...shown
    } = fact;
    return {
      ...shown,
      counts,
      sources: sources.flatMap(({ messageId, hash }) => {
        const node = messages.get(messageId);
        return node ? [presentSource(node, { words: [fact.quote], present: view.counts(messageId, hash) })] : [];
      }),
    };
  });
}

/** A deleted message is named, but its words are not shown. */
export function presentSource(
  { id, conversationId, author, createdAt, parts, deletedAt }: MessageNode,
  { words, present }: { words: readonly string[]; present: boolean },
): MemorySource {
  const named = words.map(oneLine).filter((word) => word !== '');
  return {
    conversationId,
    messageId: id,
    speaker: author.name,
    byHuman: author.kind === 'human',
    at: createdAt,
    excerpt: deletedAt === null ? excerptAround(textOf(parts), named, EXCERPT_LENGTH) : '',
    present,
  };
}
