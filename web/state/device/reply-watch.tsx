import { useNavigate } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { messageText } from '../../../client/message-text.ts';
import { watchConversation } from '../../../client/watch-conversation.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Message } from '../../../contract/messages.ts';
import { api } from '../api.ts';
import { listenForWake } from './listen-for-wake.ts';
import { showWaiting, tellUnseen } from './reply-notices.ts';

interface ReplyWatch {
  /** A reply ended; told to whoever does not see it. */
  ended: (message: Message) => void;
  /** Goes on watching a conversation that is left while these replies are written, until they have ended. */
  follow: (conversationId: string, replyIds: ReadonlySet<string>) => void;
}

const ReplyWatchContext = createContext<ReplyWatch | null>(null);

/** Tells of replies that end while the app is hidden or another page of it is shown. Once in the frame. */
export function ReplyWatchProvider({ children }: { children: ReactNode }) {
  const { t: translate } = useTranslation('talk');
  const navigate = useNavigate();
  const words = useRef({ t: translate, navigate });
  useEffect(() => {
    words.current = { t: translate, navigate };
  });
  const life = useRef(new AbortController());
  useEffect(() => {
    life.current = new AbortController();
    const onVisible = () => {
      if (document.visibilityState === 'visible') showWaiting();
    };
    document.addEventListener('visibilitychange', onVisible);
    const worker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
    const onMessage = ({ data }: MessageEvent<unknown>) => {
      const path = typeof data === 'object' && data !== null && 'go' in data ? String(data.go) : '';
      const conversationId = /^\/c\/([^/]+)$/.exec(path)?.[1];
      if (conversationId !== undefined) {
        void words.current.navigate({ to: '/c/$conversationId', params: { conversationId } });
      }
    };
    worker?.addEventListener('message', onMessage);
    return () => {
      life.current.abort();
      document.removeEventListener('visibilitychange', onVisible);
      worker?.removeEventListener('message', onMessage);
    };
  }, []);
  const watch = useMemo((): ReplyWatch => {
    const followed = new Set<string>();
    const ended = (message: Message) => {
      const { conversationId, author } = message;
      const isSeen = document.visibilityState === 'visible' && location.pathname === `/c/${conversationId}`;
      if (isSeen || message.withheld || message.state !== 'done') return;
      const { t, navigate: goTo } = words.current;
      void tellUnlessMuted({
        conversationId,
        title: author.name,
        text: messageText(message),
        words: { notice: t('replyEnded', { name: author.name }), go: t('goThere') },
        go: () => void goTo({ to: '/c/$conversationId', params: { conversationId } }),
      });
    };
    const follow = (conversationId: string, replyIds: ReadonlySet<string>) => {
      if (followed.has(conversationId)) return;
      followed.add(conversationId);
      void followReplies(conversationId, { replyIds, signal: life.current.signal, ended }).finally(() =>
        followed.delete(conversationId),
      );
    };
    return { ended, follow };
  }, []);
  return <ReplyWatchContext.Provider value={watch}>{children}</ReplyWatchContext.Provider>;
}

/** Nobody hears of a conversation that they muted. */
async function tellUnlessMuted(reply: Parameters<typeof tellUnseen>[0]): Promise<void> {
  const conversation = await api.call('conversation', { params: { id: reply.conversationId } }).catch(() => null);
  if (conversation?.mark.muted !== true) await tellUnseen(reply);
}

async function followReplies(
  conversationId: string,
  {
    replyIds,
    signal,
    ended,
  }: { replyIds: ReadonlySet<string>; signal: AbortSignal; ended: (message: Message) => void },
): Promise<void> {
  const written = new Set(replyIds);
  const own = new AbortController();
  const life = AbortSignal.any([signal, own.signal]);
  try {
    for await (const part of watchConversation({ client: api, conversationId, signal: life, onWake: listenForWake })) {
      if (part.type !== 'event') continue;
      const { event } = part;
      if (event.type === 'conversation-snapshot') {
        // What ended between two connections is in neither of them.
        const still = new Set(event.streaming.map(({ messageId }) => messageId));
        const missed = [...written].filter((id) => !still.has(id));
        for (const message of await readMessages(conversationId, missed)) ended(message);
        for (const id of missed) written.delete(id);
        for (const id of still) written.add(id);
      }
      if (event.type === 'reply-end') {
        written.delete(event.message.id);
        ended(event.message);
      }
      const isOver =
        event.type === 'conversation-delete' ||
        (event.type === 'conversation-snapshot' && event.streaming.length === 0) ||
        (event.type === 'conversation-change' && !event.conversation.replying);
      if (isOver) return own.abort();
    }
  } catch {
    // Signed out, or the conversation is gone: there is nothing to tell.
  }
}

/** Those of these messages that are among the newest of their conversation. */
async function readMessages(conversationId: string, ids: readonly string[]): Promise<Message[]> {
  if (ids.length === 0) return [];
  const { messages } = await api.call('messages', { params: { id: conversationId } });
  return messages.filter(({ id }) => ids.includes(id));
}

/** Notices what the open conversation's replies come to, also after its page was left. */
export function useReplyWatch(conversationId: string, { streaming, known }: ConversationState): void {
  const watch = useContext(ReplyWatchContext);
  const before = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    for (const id of before.current) {
      const message = known.get(id);
      if (!streaming.has(id) && message !== undefined && message.state !== 'streaming') watch?.ended(message);
    }
    before.current = new Set(streaming.keys());
  }, [streaming, known, watch]);
  useEffect(
    () => () => {
      if (before.current.size > 0) watch?.follow(conversationId, before.current);
    },
    [conversationId, watch],
  );
}
