import { hasOlder } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';

/** True when something said before stands, or may stand, under another name than this one. */
export function hasPastBut(state: ConversationState, name: string): boolean {
  // What is not loaded may stand under any name.
  return hasOlder(state) || state.path.some(({ author }) => author.kind === 'human' && author.name !== name);
}
