import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { doorQuery } from '../../state/door-query.ts';
import { formText } from '../../state/form-text.ts';
import { useFormProblem } from '../../state/use-form-problem.ts';
import type { FormProblem } from '../../state/use-form-problem.ts';
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
  const enter = useEnter();
  const problem = useFormProblem(['name', 'username', 'password']);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    try {
      const body = {
        name: formText(form, 'name'),
        username: formText(form, 'username'),
        password: formText(form, 'password'),
        ...(invitation !== null && { invitation }),
      };
      await enter(await api.call('signUp', { body }));
    } catch (error) {
      problem.set(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <JoinFields problem={problem} />
      {problem.general !== null && (
        <p className={classes['problem']} role="alert">
          {problem.general}
        </p>
      )}
      <Button type="submit" size="md" loading={busy}>
        {t('join.submit')}
      </Button>
    </form>
  );
}

function JoinFields({ problem }: { problem: FormProblem }) {
  const { t } = useTranslation('door');
  return (
    <>
      <TextInput
        name="name"
        label={t('join.name')}
        description={t('join.nameHint')}
        error={problem.of('name')}
        autoComplete="name"
        maxLength={80}
        required
        size="md"
      />
      <TextInput
        name="username"
        label={t('join.username')}
        description={t('join.usernameHint')}
        error={problem.of('username')}
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
        error={problem.of('password')}
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
        size="md"
      />
    </>
  );
}
