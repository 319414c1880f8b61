import type { ConversationEvent } from '../contract/conversations.ts';
import type { Message } from '../contract/messages.ts';

type ManyChanged = Extract<ConversationEvent, { type: 'messages-change' }>;

/**
 * What is known after many messages changed at once. Deleted words go, restored ones are unknown until they are read
 * again.
 */
export function changeMany(
  known: ReadonlyMap<string, Message>,
  { change, messageIds }: Pick<ManyChanged, 'change' | 'messageIds'>,
): ReadonlyMap<string, Message> {
  if (messageIds === null) return new Map();
  const changed = new Map(known);
  const ids = new Set(messageIds);
  for (const id of ids) {
    const message = known.get(id);
    if (message === undefined) continue;
    if (change === 'restore') changed.delete(id);
    else if (change === 'delete') changed.set(id, { ...message, deleted: true, parts: [] });
    else if (!message.withheld) changed.set(id, { ...message, hidden: change === 'hide' });
  }
  if (change === 'delete') forgetSiblings(changed, ids);
  return changed;
}

/** A deleted message is no version to choose any more, except where the path runs through it. */
function forgetSiblings(known: Map<string, Message>, gone: ReadonlySet<string>): void {
  for (const [id, message] of known) {
    const siblings = message.siblings.filter((sibling) => sibling === id || !gone.has(sibling));
    if (siblings.length < message.siblings.length) known.set(id, { ...message, siblings });
  }
}
