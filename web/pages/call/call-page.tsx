import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { ApiError } from '../../../client/api-error.ts';
import { usePageTitle } from '../../state/use-page-title.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import { ConversationGone } from '../conversation/conversation-gone.tsx';
import { CallGate } from './call-gate.tsx';
import { calledName } from './call-room.ts';
import { CallScreen } from './call-screen.tsx';
import { callConversationQuery } from './call-queries.ts';
import { ElderScreen } from './elder-screen.tsx';

const route = getRouteApi('/inside/call/$conversationId');

export function CallPage() {
  const { conversationId } = route.useParams();
  const { elder = false } = route.useSearch();
  const { data, error, refetch } = useQuery(callConversationQuery(conversationId));
  if (error instanceof ApiError && error.status === 404) return <ConversationGone />;
  if (error !== null && data === undefined) return <ConversationGone error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingPage />;
  return <ReadyPage key={conversationId} conversation={data} elder={elder} />;
}

function ReadyPage({ conversation, elder }: { conversation: Conversation; elder: boolean }) {
  const { t } = useTranslation('call');
  usePageTitle(t('title', { name: calledName(conversation) }));
  return (
    <CallGate conversation={conversation}>
      {(preferences) =>
        elder ? (
          <ElderScreen conversation={conversation} preferences={preferences} />
        ) : (
          <CallScreen conversation={conversation} preferences={preferences} />
        )
      }
    </CallGate>
  );
}
