import type { MemoryUse } from '../../contract/memory.ts';

/** What was forgotten, with its words as far as they are known, so that they can be found where they were told. */
export interface Forgotten {
  /** Facts, dates, summaries and pages that are gone. */
  items: ReadonlyMap<string, readonly string[]>;
  /** Messages that are neither recalled nor told any more. */
  messages: ReadonlyMap<string, string>;
  /** Conversations that are gone with all that was said in them. */
  conversationIds: ReadonlySet<string>;
}

/**
 * `whole`: the memory is forgotten. `beside`: what was said beside it is, and stood with it. `none`: nothing of it is.
 */
export function howForgotten(
  use: MemoryUse,
  { items, messages, conversationIds }: Forgotten,
): 'whole' | 'beside' | 'none' {
  if (items.has(use.id) || messages.has(use.id)) return 'whole';
  if (use.conversationId !== null && conversationIds.has(use.conversationId)) return 'whole';
  const isTouched = use.sources.some(
    ({ messageId, conversationId }) => messages.has(messageId) || conversationIds.has(conversationId),
  );
  if (!isTouched) return 'none';
  return use.kind === 'passage' ? 'beside' : 'whole';
}
