import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../client/conversation-state.ts';
import { formatDateTime } from '../../state/format.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './conversation-view.module.css';

/** A short break is nobody's business; after this many ms it is told. */
const GRACE = 2_500;

export function ConnectionNote({ state, onRetry }: { state: ConversationState; onRetry: () => void }) {
  const { t } = useTranslation(['talk', 'common']);
  const errorText = useErrorText();
  const [late, setLate] = useState(false);
  const broken = state.connection !== 'live';
  useEffect(() => {
    if (!broken) return setLate(false);
    const timer = setTimeout(() => setLate(true), GRACE);
    return () => clearTimeout(timer);
  }, [broken]);
  if (state.keptAt !== null && (broken || state.pageError !== null)) {
    return (
      <div className={classes['note']} role="status">
        {t('talk:connection.kept', { time: formatDateTime(state.keptAt) })}
      </div>
    );
  }
  if (state.pageError !== null) {
    return (
      <div className={classes['note']} role="alert">
        <span>{errorText(state.pageError)}</span>
        <Button variant="subtle" size="compact-sm" onClick={onRetry}>
          {t('common:retry')}
        </Button>
      </div>
    );
  }
  if (!broken || !late) return null;
  return (
    <div className={classes['note']} role="status">
      {t('talk:connection.waiting')}
    </div>
  );
}
