import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { formText } from '../../state/form-text.ts';
import { meQuery } from '../../state/queries.ts';
import { showToast } from '../../state/toasts.ts';
import { useFormProblem } from '../../state/use-form-problem.ts';
import type { FormProblem } from '../../state/use-form-problem.ts';
import { useMe } from '../../state/use-me.ts';
import { Panel } from '../../ui/panel.tsx';
import { Stack } from '../../ui/stack.tsx';

export function PasswordPanel() {
  const { t } = useTranslation('settings');
  const me = useMe();
  const [open, setOpen] = useState(false);
  const lead =
    me.hasPassword && me.username !== null
      ? t('account.passwordIsSet', { username: me.username })
      : t('account.passwordLead');
  return (
    <Panel title={t('account.password')} lead={lead}>
      {open ? (
        <PasswordForm onDone={() => setOpen(false)} />
      ) : (
        <div>
          <Button variant="default" onClick={() => setOpen(true)}>
            {me.hasPassword ? t('account.changePassword') : t('account.setPassword')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const { hasPassword } = useMe();
  const queryClient = useQueryClient();
  const problem = useFormProblem(['username', 'password', 'currentPassword']);

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const current = hasPassword ? { currentPassword: formText(form, 'currentPassword') } : {};
    try {
      const body = { username: formText(form, 'username'), password: formText(form, 'password'), ...current };
      queryClient.setQueryData(meQuery.queryKey, await api.call('setPassword', { body }));
      showToast({ text: t('settings:account.passwordSaved') });
      onDone();
    } catch (error) {
      problem.set(error);
    }
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack>
        <PasswordFields problem={problem} />
        {problem.general !== null && <p role="alert">{problem.general}</p>}
        <div>
          <Button type="submit">{t('common:save')}</Button>{' '}
          <Button variant="subtle" onClick={onDone}>
            {t('common:cancel')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function PasswordFields({ problem }: { problem: FormProblem }) {
  const { t } = useTranslation('settings');
  const me = useMe();
  return (
    <>
      <TextInput
        name="username"
        label={t('account.username')}
        defaultValue={me.username ?? ''}
        error={problem.of('username')}
        autoComplete="username"
        autoCapitalize="none"
        minLength={2}
        maxLength={40}
        required
      />
      {me.hasPassword && (
        <PasswordInput
          name="currentPassword"
          label={t('account.currentPassword')}
          error={problem.of('currentPassword')}
          autoComplete="current-password"
          required
        />
      )}
      <PasswordInput
        name="password"
        label={t('account.newPassword')}
        description={t('account.passwordHint')}
        error={problem.of('password')}
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
      />
    </>
  );
}
