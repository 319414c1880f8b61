import type { StreamingReply } from '../contract/conversations.ts';
import type { ConversationState } from './conversation-state.ts';

/**
 * A look at a conversation for everything that does not show a reply while it is written: the state stays the very
 * same while nothing but words of replies grows, so that a token draws one row anew and not the page. The words it
 * holds are those from the last change of anything else.
 */
export function createCalmLook(getState: () => ConversationState): () => ConversationState {
  let calm: ConversationState | null = null;
  let seen: ConversationState | null = null;
  return () => {
    const state = getState();
    if (state !== seen) {
      if (calm === null || !isGrowthOf(calm, state)) calm = state;
      seen = state;
    }
    return calm ?? state;
  };
}

function isGrowthOf(before: ConversationState, after: ConversationState): boolean {
  const names = Object.keys(after) as (keyof ConversationState)[];
  return (
    names.every((name) => name === 'streaming' || before[name] === after[name]) &&
    before.streaming.size === after.streaming.size &&
    [...after.streaming].every(([id, reply]) => isSameCalls(before.streaming.get(id), reply))
  );
}

/** Calls of tools may have to be allowed, which the page asks. */
function isSameCalls(before: StreamingReply | undefined, after: StreamingReply): boolean {
  return before?.tools === after.tools;
}
