import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createCalmLook } from '../../../client/calm-state.ts';
import { ConversationSession } from '../../../client/conversation-session.ts';
import { emptyConversationState } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import { api, newClientId } from '../../state/api.ts';
import { listenForWake } from '../../state/device/listen-for-wake.ts';
import { isKeeping } from '../../state/device/keep-switch.ts';
import { useReplyWatch } from '../../state/device/reply-watch.tsx';
import { useKeepConversation, useKeptReading } from '../../state/device/use-kept-reading.ts';
import { useOutbox } from '../../state/device/outbox-provider.tsx';

export interface LiveConversation {
  /** Null only before the first effect ran. */
  session: ConversationSession | null;
  /** Does not follow the words of replies that are being written: rows do that themselves. */
  state: ConversationState;
}

/** Follows one conversation as long as the page shows it. */
export function useConversationSession(conversationId: string): LiveConversation {
  const [session, setSession] = useState<ConversationSession | null>(null);
  const outbox = useOutbox();
  const kept = useKeptReading();
  useEffect(() => {
    if (outbox === null) return undefined;
    const opened = new ConversationSession({
      client: api,
      conversationId,
      newId: newClientId,
      now: Date.now,
      onWake: listenForWake,
      outbox,
      readKept: async () => (isKeeping() ? kept.read(conversationId) : null),
    });
    setSession(opened);
    opened.open();
    // Preparing the engine is a courtesy; the page works without it.
    api.call('warmConversation', { params: { id: conversationId } }).catch(() => undefined);
    return () => {
      setSession(null);
      opened[Symbol.dispose]();
    };
  }, [conversationId, outbox, kept]);
  const look = useMemo(() => (session === null ? emptyState : createCalmLook(session.getState)), [session]);
  const state = useSyncExternalStore(session?.subscribe ?? neverChanges, look);
  useKeepConversation(kept, conversationId, state);
  useReplyWatch(conversationId, state);
  return { session, state };
}

function neverChanges(): () => void {
  return () => undefined;
}

function emptyState(): ConversationState {
  return emptyConversationState;
}
