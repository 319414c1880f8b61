import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../client/api-error.ts';
import { api } from '../../state/api.ts';
import { doorQuery } from '../../state/door-query.ts';
import { useErrorText } from '../../state/use-error-text.ts';
import { LoadingPage } from '../../ui/loading-page.tsx';
import classes from './door-page.module.css';
import { DoorPage } from './door-page.tsx';
import { useEnter } from './use-enter.ts';

/** `/join#TOKEN` with an invitation, or `/join` where everybody may come in. */
export function JoinPage() {
  const { t } = useTranslation('door');
  const [invitation] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const { data: door } = useQuery(doorQuery(invitation === '' ? null : invitation));
  if (door === undefined) return <LoadingPage />;
  const invited = invitation !== '' && door.invitationValid === true;
  if (!invited && door.signUp !== 'open') {
    const spent = invitation !== '';
    return (
      <DoorPage
        title={spent ? t('join.closedTitle') : t('join.offTitle')}
        lead={spent ? t('join.closedBody') : t('join.offBody')}
      >
        <HaveAccount />
      </DoorPage>
    );
  }
  return (
    <DoorPage title={t('join.title')} lead={t('join.lead')}>
      <JoinForm invitation={invited ? invitation : null} />
      <HaveAccount />
    </DoorPage>
  );
}

function HaveAccount() {
  const { t } = useTranslation('door');
  return (
    <p className={classes['other']}>
      <Link to="/sign-in">{t('join.haveAccount')}</Link>
    </p>
  );
}

function JoinForm({ invitation }: { invitation: string | null }) {
  const { t } = useTranslation('door');
  const errorText = useErrorText();
  const enter = useEnter();
  const [problem, setProblem] = useState<{ field: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const problemOf = (field: string) => (problem?.field === field ? problem.text : null);
  const isGeneral = problem !== null && !['name', 'username', 'password'].includes(problem.field);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const body = {
        name: String(form.get('name')),
        username: String(form.get('username')),
        password: String(form.get('password')),
        ...(invitation !== null && { invitation }),
      };
      await enter(await api.call('signUp', { body }));
    } catch (error) {
      setProblem({ field: error instanceof ApiError ? (error.field ?? '') : '', text: errorText(error) });
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <TextInput
        name="name"
        label={t('join.name')}
        description={t('join.nameHint')}
        error={problemOf('name')}
        autoComplete="name"
        maxLength={80}
        required
        size="md"
      />
      <TextInput
        name="username"
        label={t('join.username')}
        description={t('join.usernameHint')}
        error={problemOf('username')}
        autoComplete="username"
        autoCapitalize="none"
        minLength={2}
        maxLength={40}
        required
        size="md"
      />
      <PasswordInput
        name="password"
        label={t('join.password')}
        description={t('join.passwordHint')}
        error={problemOf('password')}
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
        size="md"
      />
      {isGeneral && (
        <p className={classes['problem']} role="alert">
          {problem.text}
        </p>
      )}
      <Button type="submit" size="md" loading={busy}>
        {t('join.submit')}
      </Button>
    </form>
  );
}
