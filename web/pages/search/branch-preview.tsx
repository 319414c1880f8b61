import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../client/conversation-session.ts';
import { messageText } from '../../../client/message-text.ts';
import { formatDateTime } from '../../state/format.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import type { SoughtMessage } from '../conversation/use-sought-message.ts';
import classes from './search.module.css';

/** Messages shown on either side of the one that was found. */
const NEIGHBOURS = 3;

/** What was found on another branch, among its neighbours; going there moves the path, so the reader is asked. */
export function BranchPreview({ session, sought }: { session: ConversationSession; sought: SoughtMessage }) {
  const { t } = useTranslation(['search', 'common']);
  const errorText = useErrorText();
  const [moving, setMoving] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const { elsewhere, dismiss } = sought;
  if (elsewhere === null) return null;
  const { messageId, page } = elsewhere;
  const at = page.messages.findIndex(({ id }) => id === messageId);
  const shown = page.messages.slice(Math.max(0, at - NEIGHBOURS), at + NEIGHBOURS + 1);

  async function goThere(): Promise<void> {
    setMoving(true);
    try {
      await session.choose(messageId);
      await session.reload();
      await session.seek(messageId);
      dismiss();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setMoving(false);
    }
  }

  return (
    <Modal
      opened
      onClose={dismiss}
      title={t('search:branch.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
      size="lg"
    >
      <p className={classes['note']}>{t('search:branch.body')}</p>
      <ol className={classes['neighbours']}>
        {shown.map((message) => (
          <li key={message.id} data-meant={message.id === messageId}>
            <b>{message.author.name}</b>
            <time dateTime={new Date(message.createdAt).toISOString()}>{formatDateTime(message.createdAt)}</time>
            <p>{messageText(message)}</p>
          </li>
        ))}
      </ol>
      {error !== null && <p role="alert">{error}</p>}
      <ButtonRow>
        <Button variant="default" onClick={dismiss}>
          {t('search:branch.stay')}
        </Button>
        <Button loading={moving} onClick={() => void goThere()}>
          {t('search:branch.go')}
        </Button>
      </ButtonRow>
    </Modal>
  );
}
