import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { doorQuery } from '../../state/door-query.ts';
import { formText } from '../../state/form-text.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import classes from './door-page.module.css';
import { DoorPage } from './door-page.tsx';
import { useEnter } from './use-enter.ts';

export function SignInPage() {
  const { t } = useTranslation('door');
  const { data: door } = useQuery(doorQuery(null));
  return (
    <DoorPage title={t('signIn.title')} lead={t('signIn.lead')}>
      {door?.hasPasswords === false ? <p className={classes['other']}>{t('signIn.noPasswords')}</p> : <SignInForm />}
      {door?.hasPasswords !== false && <p className={classes['other']}>{t('signIn.linkHint')}</p>}
      {door?.signUp === 'open' && (
        <p className={classes['other']}>
          <Link to="/join">{t('signIn.join')}</Link>
        </p>
      )}
    </DoorPage>
  );
}

function SignInForm() {
  const { t } = useTranslation('door');
  const errorText = useErrorText();
  const enter = useEnter();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const body = { username: formText(form, 'username'), password: formText(form, 'password') };
      await enter(await api.call('signInByPassword', { body }));
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <TextInput
        name="username"
        label={t('signIn.username')}
        autoComplete="username"
        required
        autoCapitalize="none"
        size="md"
      />
      <PasswordInput name="password" label={t('signIn.password')} autoComplete="current-password" required size="md" />
      {problem !== null && (
        <p className={classes['problem']} role="alert">
          {problem}
        </p>
      )}
      <Button type="submit" size="md" loading={busy}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
