import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../client/api-error.ts';
import { api } from '../../state/api.ts';
import { meQuery } from '../../state/queries.ts';
import { showToast } from '../../state/toasts.ts';
import { useErrorText } from '../../state/use-error-text.ts';
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
  const me = useMe();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const [problem, setProblem] = useState<{ field: string; text: string } | null>(null);
  const problemOf = (field: string) => (problem?.field === field ? problem.text : null);
  const isGeneral = problem !== null && !['username', 'password', 'currentPassword'].includes(problem.field);

  async function save(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const currentPassword = form.get('currentPassword');
    try {
      const changed = await api.call('setPassword', {
        body: {
          username: String(form.get('username')),
          password: String(form.get('password')),
          ...(currentPassword !== null && { currentPassword: String(currentPassword) }),
        },
      });
      queryClient.setQueryData(meQuery.queryKey, changed);
      showToast({ text: t('settings:account.passwordSaved') });
      onDone();
    } catch (error) {
      setProblem({ field: error instanceof ApiError ? (error.field ?? '') : '', text: errorText(error) });
    }
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack>
        <TextInput
          name="username"
          label={t('settings:account.username')}
          defaultValue={me.username ?? ''}
          error={problemOf('username')}
          autoComplete="username"
          autoCapitalize="none"
          minLength={2}
          maxLength={40}
          required
        />
        {me.hasPassword && (
          <PasswordInput
            name="currentPassword"
            label={t('settings:account.currentPassword')}
            error={problemOf('currentPassword')}
            autoComplete="current-password"
            required
          />
        )}
        <PasswordInput
          name="password"
          label={t('settings:account.newPassword')}
          description={t('settings:account.passwordHint')}
          error={problemOf('password')}
          autoComplete="new-password"
          minLength={8}
          maxLength={256}
          required
        />
        {isGeneral && <p role="alert">{problem.text}</p>}
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
