import { Button, CloseButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import type { ConversationState } from '../../../client/conversation-state.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import classes from './conversation-view.module.css';

export interface ElsewhereNoteProps {
  session: Pick<ConversationSession, 'acceptPath'>;
  state: Pick<ConversationState, 'elsewhere'>;
  conversation: Pick<Conversation, 'mine' | 'room'>;
  goBack: (messageId: string) => void;
}

/** Said when another device of the reader's, or somebody else, moved the conversation to another branch meanwhile. */
export function ElsewhereNote({ session, state, conversation, goBack }: ElsewhereNoteProps) {
  const { t } = useTranslation(['talk', 'common']);
  const { elsewhere } = state;
  if (elsewhere === null) return null;
  // Guests may lead only where the host lets them.
  const leads = conversation.mine || conversation.room?.guestsMay === 'steer';
  return (
    <div className={classes['note']} role="status">
      <span>{t('talk:elsewhere.words')}</span>
      {leads && (
        <Button variant="subtle" size="compact-sm" onClick={() => goBack(elsewhere)}>
          {t('talk:elsewhere.back')}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t('talk:elsewhere.stay')} onClick={() => session.acceptPath()} />
    </div>
  );
}
