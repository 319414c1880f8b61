import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { hasNewer, hasOlder, pathTotal } from '../../../client/conversation-state.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { NovelStage, type NovelStageProps } from './looks/novel-stage.tsx';
import novel from './looks/novel.module.css';
import { MessageList } from './message-list.tsx';
import type { ListItem } from './message-list.tsx';

export interface ConversationWordsProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
  items: readonly ListItem[];
  jumpToEnd: number;
  soughtId: string | null;
  /** Where the visual novel is; null where it is not the theme. */
  stage: { shown: boolean; backgroundUrl: string | null; onHistory: (shown: boolean) => void } | null;
}

/** What was said: the list, or the stage of a visual novel with the way to the list and back. */
export function ConversationWords({ session, state, conversation, stage, ...props }: ConversationWordsProps) {
  const { t } = useTranslation('looks');
  if (stage?.shown === true) {
    return (
      <LiveStage
        {...{ session, conversation }}
        backgroundUrl={stage.backgroundUrl}
        jumpToEnd={props.jumpToEnd}
        hasOlder={hasOlder(state)}
        onLoadOlder={() => session.loadOlder()}
        onHistory={() => stage.onHistory(true)}
      />
    );
  }
  return (
    <>
      {stage !== null && (
        <button type="button" className={novel['toStage']} onClick={() => stage.onHistory(false)}>
          {t('novel.toStage')}
        </button>
      )}
      <MessageList
        items={props.items}
        lang={conversation.locale}
        firstPosition={(state.path[0]?.depth ?? 0) + 1}
        total={pathTotal(state)}
        hasOlder={hasOlder(state)}
        onLoadOlder={() => session.loadOlder()}
        jumpToEnd={props.jumpToEnd}
        soughtKey={props.soughtId}
        hasNewer={hasNewer(state)}
        onLoadNewer={() => session.loadNewer()}
        onReturnToEnd={() => session.returnToEnd()}
      />
    </>
  );
}

/** The stage shows words while they are written. */
function LiveStage({ session, ...props }: Omit<NovelStageProps, 'state'> & { session: ConversationSession }) {
  const state = useSyncExternalStore(session.subscribe, session.getState);
  return <NovelStage {...props} state={state} />;
}
