import { useEffect, useState, useSyncExternalStore } from 'react';
import { ConversationSession } from '../../../client/conversation-session.ts';
import { emptyConversationState } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import { api, newClientId } from '../../state/api.ts';

export interface LiveConversation {
  /** Null only before the first effect ran. */
  session: ConversationSession | null;
  state: ConversationState;
}

/** Follows one conversation as long as the page shows it. */
export function useConversationSession(conversationId: string): LiveConversation {
  const [session, setSession] = useState<ConversationSession | null>(null);
  useEffect(() => {
    const opened = new ConversationSession({
      client: api,
      conversationId,
      newId: newClientId,
      now: Date.now,
      onWake: listenForWake,
    });
    setSession(opened);
    opened.open();
    // Preparing the engine is a courtesy; the page works without it.
    api.call('warmConversation', { params: { id: conversationId } }).catch(() => undefined);
    return () => {
      setSession(null);
      opened[Symbol.dispose]();
    };
  }, [conversationId]);
  const state = useSyncExternalStore(session?.subscribe ?? neverChanges, session?.getState ?? emptyState);
  return { session, state };
}

function neverChanges(): () => void {
  return () => undefined;
}

function emptyState(): ConversationState {
  return emptyConversationState;
}

/** Back online, or back on the page: no reason to wait for the next attempt. */
function listenForWake(wake: () => void): () => void {
  const onVisible = () => {
    if (document.visibilityState === 'visible') wake();
  };
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    removeEventListener('online', wake);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
