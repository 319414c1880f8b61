import { Loader } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../client/api-error.ts';
import { api } from '../../state/api.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './door-page.module.css';
import { DoorPage } from './door-page.tsx';
import { useEnter } from './use-enter.ts';

/** `/enter#TOKEN`, `/enter?call=CONVERSATION#TOKEN` for a device that is to call: the token is in the fragment, which browsers never send, and is removed from the address at once. */
export function EnterPage() {
  const { t } = useTranslation('door');
  const errorText = useErrorText();
  const enter = useEnter();
  const [problem, setProblem] = useState<string | null>(null);
  // A link works once; React's double mount in development must not spend it twice.
  const tried = useRef(false);
  useEffect(() => {
    if (tried.current) return;
    tried.current = true;
    const token = decodeURIComponent(location.hash.slice(1));
    if (token.length < 16) {
      setProblem(t('enter.missing'));
      return;
    }
    const callId = new URLSearchParams(location.search).get('call');
    history.replaceState(null, '', '/enter');
    api.call('signInByLink', { body: { token } }).then(
      (me) => enter(me, callId),
      (error: unknown) => {
        const expected = error instanceof ApiError && error.status >= 400 && error.status < 500;
        setProblem(expected ? t('enter.failedBody') : errorText(error));
      },
    );
  }, [enter, errorText, t]);
  if (problem === null) {
    return (
      <DoorPage title={t('enter.title')}>
        <div className={classes['form']} role="status">
          <Loader type="dots" />
        </div>
      </DoorPage>
    );
  }
  return (
    <DoorPage title={t('enter.failedTitle')} lead={problem}>
      <p className={classes['other']}>
        <Link to="/sign-in">{t('enter.signIn')}</Link>
      </p>
    </DoorPage>
  );
}
