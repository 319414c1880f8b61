import { useRouter } from '@tanstack/react-router';
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Me } from '../../../contract/accounts.ts';
import type { Conversation, ConversationList } from '../../../contract/conversations.ts';
import { api } from '../api.ts';
import { conversationsQuery } from '../queries.ts';
import { useMe } from '../use-me.ts';
import { keepPageFiles } from './keep-page-files.ts';
import { isKeeping, keepPictures, rememberPerson } from './keep-switch.ts';
import { KEPT_MESSAGES, KeptReading } from './kept-reading.ts';

/** Ms after the last change until it is kept: a talk under way changes all the time. */
const QUIET = 1_500;
/** Ms after the list changed until words are read that are not here: what is open keeps itself. */
const LATER = 4_000;

export function useKeptReading(): KeptReading {
  const { id } = useMe();
  return useMemo(() => new KeptReading(id), [id]);
}

/** Keeps the person, the list and the words of recent conversations as they change. Once in the frame. */
export function useKeepRecent(me: Me): void {
  const kept = useKeptReading();
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    if (!isKeeping()) return;
    // The two pages one reads on, also where they were not opened yet.
    const pages = [
      router.preloadRoute({ to: '/' }),
      router.preloadRoute({ to: '/c/$conversationId', params: { conversationId: '-' } }),
    ];
    void Promise.allSettled(pages)
      .then(keepPageFiles)
      .catch(() => undefined);
  }, [router]);
  useEffect(() => {
    if (!isKeeping()) return undefined;
    rememberPerson(me.id);
    void keepPictures(true).catch(() => undefined);
    // A device without room for it shows nothing offline, and nothing else is missed.
    void kept.keepPerson(me).catch(() => undefined);
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const plan = () => {
      clearTimeout(timer);
      timer = setTimeout(() => void readMissing(kept, queryClient, life.signal).catch(() => undefined), LATER);
    };
    const [name] = conversationsQuery({}).queryKey;
    const stop = queryClient.getQueryCache().subscribe(({ type, query }) => {
      if (type === 'updated' && query.queryKey[0] === name && query.state.status === 'success') plan();
    });
    plan();
    return () => {
      stop();
      clearTimeout(timer);
      life.abort();
    };
  }, [me, kept, queryClient]);
}

async function readMissing(kept: KeptReading, queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  const { queryKey } = conversationsQuery({ search: '' });
  const state = queryClient.getQueryState<InfiniteData<ConversationList>>(queryKey);
  // What came from this device itself says nothing about what the server has.
  if (state?.data === undefined || state.dataUpdatedAt === 0 || state.status !== 'success') return;
  const newest: Conversation[] = state.data.pages.flatMap((page) => page.conversations);
  for (const conversation of await kept.align(newest)) {
    if (signal.aborted || !isKeeping()) return;
    const params = { id: conversation.id };
    const page = await api.call('messages', { params, query: { limit: KEPT_MESSAGES }, signal });
    await kept.keep(conversation, page.messages);
  }
}

/** Keeps an open conversation as it is shown, and forgets one that is gone. */
export function useKeepConversation(kept: KeptReading, conversationId: string, state: ConversationState): void {
  const { conversation, path, loaded, keptAt, deleted, connectionError, pageError, windowEndId } = state;
  const gone = deleted || [connectionError, pageError].some((error) => error?.status === 404 || error?.status === 403);
  const isWhole = conversation !== null && loaded && keptAt === null && windowEndId === null && !state.stale;
  const streaming = state.streaming.size > 0;
  useEffect(() => {
    if (gone) void kept.remove(conversationId).catch(() => undefined);
  }, [gone, kept, conversationId]);
  const keptId = useRef<string | null>(null);
  useEffect(() => {
    if (!isWhole || streaming || gone || conversation === null || !isKeeping()) return undefined;
    // What was just opened is kept at once: the network may be gone the next moment.
    const isOpened = keptId.current !== conversationId;
    keptId.current = conversationId;
    const timer = setTimeout(() => void kept.keep(conversation, path).catch(() => undefined), isOpened ? 0 : QUIET);
    return () => clearTimeout(timer);
  }, [isWhole, streaming, gone, conversation, conversationId, path, kept]);
}

/** Takes everything kept to be read off this device; unsent messages stay until they are sent. */
export async function forgetKept(userId: string): Promise<void> {
  rememberPerson(null);
  await keepPictures(false).catch(() => undefined);
  await new KeptReading(userId).clear().catch(() => undefined);
}
