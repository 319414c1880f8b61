import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../client/api-error.ts';
import { useErrorText } from '../state/use-error-text.ts';
import classes from './plain-page.module.css';

/** Ms between looks for a server that did not answer. */
const LOOK_AGAIN = 3_000;

/** The last resort of every page: says what happened and how to go on. A silent server is asked again by itself. */
export function CrashPage({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const unreachable = error instanceof ApiError && error.code === 'unreachable';
  const signedOut = error instanceof ApiError && error.status === 401;
  useEffect(() => {
    if (signedOut) location.replace('/sign-in');
    if (!unreachable) return undefined;
    const timer = setInterval(() => {
      fetch('/healthz').then(
        (response) => response.ok && location.reload(),
        () => undefined,
      );
    }, LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [unreachable, signedOut]);
  if (signedOut) return null;
  return (
    <main className={classes['page']}>
      <h1>{unreachable ? t('install.offline') : t('crash.title')}</h1>
      <p>{unreachable ? t('install.offlineBody') : t('crash.body')}</p>
      {error instanceof ApiError && !unreachable && <p className={classes['detail']}>{errorText(error)}</p>}
      <Button
        onClick={() => {
          reset();
          location.reload();
        }}
      >
        {t('crash.reload')}
      </Button>
    </main>
  );
}
