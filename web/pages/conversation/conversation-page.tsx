import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { freshenLists, refreshLists } from '../conversations/change-lists.ts';
import { ConversationGone } from './conversation-gone.tsx';
import { titleOf } from './room/room-title.ts';
import { ConversationView } from './conversation-view.tsx';
import { useConversationSession } from './use-conversation-session.ts';

const route = getRouteApi('/inside/frame/c/$conversationId');

export function ConversationPage() {
  const { conversationId } = route.useParams();
  // A new session, draft and editor for each conversation.
  return <LiveConversationPage key={conversationId} conversationId={conversationId} />;
}

function LiveConversationPage({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation(['talk', 'list']);
  const { session, state } = useConversationSession(conversationId);
  const { conversation } = state;
  useFreshList(conversation);
  usePageTitle(conversation === null ? t('list:title') : titleOf(conversation));
  const error = state.pageError ?? state.connectionError;
  const gone = state.deleted || error?.status === 404;
  if (gone) return <ConversationGone />;
  if (session === null || conversation === null) {
    return error === null ? <LoadingPage /> : <ConversationGone error={error} onRetry={() => void session?.reload()} />;
  }
  return <ConversationView session={session} state={state} conversation={conversation} />;
}

/** The list beside the conversation shows its title and last words as they change; what is new to it is read. */
function useFreshList(conversation: Conversation | null): void {
  const queryClient = useQueryClient();
  const latest = useRef(conversation);
  const shown =
    conversation === null ? '' : [titleOf(conversation), conversation.preview, conversation.replying].join('\n');
  useEffect(() => {
    latest.current = conversation;
  }, [conversation]);
  useEffect(() => {
    if (shown === '' || latest.current === null) return;
    freshenLists(queryClient, latest.current);
    void refreshLists(queryClient);
  }, [shown, queryClient]);
}
