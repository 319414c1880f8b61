import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../../client/conversation-session.ts';
import { messageText } from '../../../../client/message-text.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Message } from '../../../../contract/messages.ts';
import { formatNumber } from '../../../state/format.ts';
import { showToast } from '../../../state/toasts.ts';
import { useErrorText } from '../../../state/use-error-text.ts';
import { useIsNarrow } from '../../../state/use-is-narrow.ts';
import { alternativesQuery } from '../../tree/tree-queries.ts';
import { Prose } from '../prose.tsx';
import classes from './versions-sheet.module.css';

interface VersionsSheetProps {
  session: ConversationSession;
  conversation: Conversation;
  messageId: string;
  onClose: () => void;
}

/** The versions of a message beside each other, to choose from; on a phone one below the other. */
export function VersionsSheet({ session, conversation, messageId, onClose }: VersionsSheetProps) {
  const { t } = useTranslation(['tree', 'common']);
  const errorText = useErrorText();
  const narrow = useIsNarrow();
  const { data } = useQuery(alternativesQuery(conversation.id, messageId));
  const { messages = [], total = 0 } = data ?? {};
  const choose = (id: string) => {
    session.choose(id).then(onClose, (error: unknown) => showToast({ kind: 'error', text: errorText(error) }));
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tree:versions.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      size="72rem"
      fullScreen={narrow}
      centered
    >
      {total > messages.length && (
        <p className={classes['older']}>
          {t('tree:versions.older', { shown: formatNumber(messages.length), total: formatNumber(total) })}
        </p>
      )}
      <ol className={classes['versions']} lang={conversation.locale}>
        {messages.map((message, index) => (
          <Version
            key={message.id}
            message={message}
            number={total - messages.length + index + 1}
            chosen={message.id === messageId}
            onChoose={() => choose(message.id)}
          />
        ))}
      </ol>
    </Modal>
  );
}

function Version({
  message,
  number,
  chosen,
  onChoose,
}: {
  message: Message;
  number: number;
  chosen: boolean;
  onChoose: () => void;
}) {
  const { t } = useTranslation('tree');
  return (
    <li className={classes['version']} data-chosen={chosen}>
      <h3>{t('versions.number', { number: formatNumber(number) })}</h3>
      <div className={classes['words']}>{message.withheld ? t('withheld') : <Prose text={messageText(message)} />}</div>
      {chosen ? (
        <p className={classes['current']}>{t('versions.current')}</p>
      ) : (
        <Button variant="default" onClick={onChoose}>
          {t('versions.choose')}
        </Button>
      )}
    </li>
  );
}
