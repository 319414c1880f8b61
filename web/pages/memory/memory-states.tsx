import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './memory-page.module.css';

/** A view whose content did not come. */
export function MemoryProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(['memory', 'common']);
  const errorText = useErrorText();
  return (
    <div className={classes['empty']} role="alert">
      <h2>{t('memory:failed')}</h2>
      <p>{errorText(error)}</p>
      <Button variant="default" onClick={onRetry}>
        {t('common:retry')}
      </Button>
    </div>
  );
}

/** A view on its way. */
export function MemoryWaiting() {
  const { t } = useTranslation();
  return (
    <div className={classes['waiting']} role="status" aria-busy>
      <span className="visually-hidden">{t('loading')}</span>
    </div>
  );
}

/** A view with nothing in it yet: says what will be here, and how it comes. */
export function MemoryEmpty({ title, body }: { title: string; body: string }) {
  return (
    <div className={classes['empty']}>
      <h2>{title}</h2>
      <p>{body}</p>
    </div>
  );
}
