import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useGuard } from '../../state/use-guard.ts';
import classes from './editor.module.css';

export interface SaveConflictProps {
  characterId: string;
  /** Makes the form build on the version that came in between. */
  onTakeOver: () => Promise<void>;
  onResolved: () => void;
}

/** Somebody, in another window perhaps, saved first. Nothing typed is lost; the older version stays in the history. */
export function SaveConflict({ characterId, onTakeOver, onResolved }: SaveConflictProps) {
  const { t } = useTranslation('editor');
  const guard = useGuard();
  const [busy, setBusy] = useState(false);
  return (
    <div className={classes['notice']} role="alert">
      <p>
        <strong>{t('conflict.title')}</strong> {t('conflict.body')}
      </p>
      <div className={classes['draftRow']}>
        <Button
          loading={busy}
          onClick={() => {
            setBusy(true);
            void guard(onTakeOver().then(onResolved)).finally(() => setBusy(false));
          }}
        >
          {t('conflict.mine')}
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link {...props} to="/characters/$characterId/versions" params={{ characterId }} target="_blank" />
          )}
        >
          {t('conflict.look')}
        </Button>
      </div>
    </div>
  );
}
