import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../state/use-me.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import plain from '../../ui/plain-page.module.css';

/** Instead of a conversation: it was deleted, was never ours, or could not be read. */
export function ConversationGone({ error, onRetry }: { error?: unknown; onRetry?: () => void }) {
  const { t } = useTranslation(['talk', 'common', 'room']);
  const errorText = useErrorText();
  const isGuest = useMe().role === 'guest';
  const gone = isGuest ? t('room:gone.title') : t('talk:connection.gone');
  return (
    <div className={plain['page']} role="alert">
      <h1>{error === undefined ? gone : t('talk:connection.failed')}</h1>
      {error === undefined && isGuest && <p>{t('room:gone.body')}</p>}
      {error !== undefined && <p>{errorText(error)}</p>}
      {onRetry !== undefined && <Button onClick={onRetry}>{t('common:retry')}</Button>}
      <Link to="/">{t('talk:connection.list')}</Link>
    </div>
  );
}
