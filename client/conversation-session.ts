import type { Message } from '../contract/messages.ts';
import { ApiError, isAbortError } from './api-error.ts';
import { emptyConversationState, hasOlder, reduceConversation } from './conversation-state.ts';
import type { ConversationAction, ConversationState } from './conversation-state.ts';
import type { ApiClient } from './create-client.ts';
import { watchConversation } from './watch-conversation.ts';

export interface ConversationSessionOptions {
  client: ApiClient;
  conversationId: string;
  newId: () => string;
  now: () => number;
  /** Messages per page. */
  pageSize?: number;
  onWake?: (wake: () => void) => () => void;
}

/** A live look at one conversation: state, its changes, and what can be done. Actions reject with `ApiError`. */
export interface ConversationSession extends Disposable {
  getState(): ConversationState;
  subscribe(listener: () => void): () => void;
  /** Reads the newest page again, after an error. */
  reload(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Shows the text at once; a failure stays visible in `pending` and does not reject. */
  send(text: string, clientId?: string): Promise<void>;
  discard(clientId: string): void;
  regenerate(messageId: string): Promise<void>;
  continue(messageId: string): Promise<void>;
  answer(messageId: string): Promise<void>;
  edit(options: { messageId: string; text: string; reply: boolean }): Promise<void>;
  choose(messageId: string): Promise<void>;
  remove(messageId: string): Promise<void>;
  restore(messageId: string): Promise<void>;
  stop(): Promise<void>;
}

/** Opens the event stream and the newest page; dispose it to close both. */
export function openConversationSession(options: ConversationSessionOptions): ConversationSession {
  const { client, conversationId, newId, now, pageSize = 50 } = options;
  const params = { id: conversationId };
  const life = new AbortController();
  const listeners = new Set<() => void>();
  let state = emptyConversationState;
  let loadingOlder: Promise<void> | null = null;
  let refreshing = false;

  function dispatch(action: ConversationAction): void {
    const next = reduceConversation(state, action);
    if (next === state || life.signal.aborted) return;
    state = next;
    for (const listener of listeners) listener();
    if (state.stale && !refreshing) void refresh();
  }

  /** Reads the newest page until it explains the path's end; an error waits for the next event. */
  async function refresh(): Promise<void> {
    refreshing = true;
    try {
      const query = { limit: pageSize };
      const page = await client.call('messages', { params, query, signal: life.signal });
      refreshing = false;
      dispatch({ type: 'page-load', page, older: false });
    } catch (error) {
      refreshing = false;
      if (!(error instanceof ApiError) || life.signal.aborted) return;
      dispatch({ type: 'connection-change', state: state.connection, error });
    }
  }

  async function readOlder(): Promise<void> {
    const first = state.path[0];
    if (first === undefined || !hasOlder(state)) return;
    const query = { before: first.id, limit: pageSize };
    const page = await client.call('messages', { params, query, signal: life.signal });
    dispatch({ type: 'page-load', page, older: true });
  }

  async function watch(): Promise<void> {
    const watched = { client, conversationId, signal: life.signal, ...(options.onWake && { onWake: options.onWake }) };
    try {
      for await (const part of watchConversation(watched)) dispatch(part);
    } catch (error) {
      if (error instanceof ApiError) dispatch({ type: 'connection-change', state: 'waiting', error });
    }
  }

  async function startReply(kind: 'regenerate' | 'continue' | 'answer', messageId: string): Promise<void> {
    const started = await guarded(client.call('startReply', { params, body: { kind, messageId } }));
    dispatch({
      type: 'messages-load',
      messages: [started.reply],
      revision: started.revision,
      leafId: started.reply.id,
    });
  }

  /** After a conflict the page is out of step: read it again, then tell. */
  async function guarded<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      if (error instanceof ApiError && error.status === 409 && !refreshing) void refresh();
      throw error;
    }
  }

  function loadMessage({ message, revision }: { message: Message; revision: number }): void {
    dispatch({ type: 'messages-load', messages: [message], revision });
    dispatch({ type: 'path-move', revision });
  }

  void watch();
  void refresh();

  return {
    getState: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reload: refresh,
    loadOlder: () => {
      loadingOlder ??= readOlder().finally(() => (loadingOlder = null));
      return loadingOlder;
    },
    send: async (text, clientId = newId()) => {
      dispatch({ type: 'send-start', clientId, text, createdAt: now() });
      try {
        const sent = await client.call('sendMessage', { params, body: { text, clientId } });
        dispatch({ type: 'send-end', clientId, sent });
      } catch (error) {
        if (isAbortError(error) || !(error instanceof ApiError)) throw error;
        dispatch({ type: 'send-fail', clientId, error });
      }
    },
    discard: (clientId) => dispatch({ type: 'send-discard', clientId }),
    regenerate: (messageId) => startReply('regenerate', messageId),
    continue: (messageId) => startReply('continue', messageId),
    answer: (messageId) => startReply('answer', messageId),
    edit: async ({ messageId, text, reply }) => {
      const changed = await guarded(client.call('editMessage', { params: { id: messageId }, body: { text, reply } }));
      const messages = changed.reply === null ? [changed.message] : [changed.message, changed.reply];
      dispatch({ type: 'messages-load', messages, revision: -1 });
      dispatch({ type: 'path-move', revision: changed.revision });
    },
    choose: async (messageId) => {
      const changed = await guarded(client.call('chooseMessage', { params, body: { messageId } }));
      dispatch({ type: 'messages-load', messages: [changed.message], revision: -1 });
      dispatch({ type: 'path-move', revision: changed.revision });
    },
    remove: async (messageId) => loadMessage(await client.call('deleteMessage', { params: { id: messageId } })),
    restore: async (messageId) => loadMessage(await client.call('restoreMessage', { params: { id: messageId } })),
    stop: async () => {
      await client.call('stopReplies', { params });
    },
    [Symbol.dispose]: () => {
      life.abort();
      listeners.clear();
    },
  };
}
