import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../state/api.ts';
import { forgetKept } from '../../state/device/use-kept-reading.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe, useUpdateMe } from '../../state/use-me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { InlineForm } from '../../ui/inline-form.tsx';
import { Panel } from '../../ui/panel.tsx';
import { DevicePanel } from './device-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

export function AccountSection() {
  return (
    <>
      <NamePanel />
      <PasswordPanel />
      <DevicePanel />
      <SessionsPanel />
      <SignOutPanel />
    </>
  );
}

function NamePanel() {
  const { t } = useTranslation(['settings', 'common']);
  const me = useMe();
  const guard = useGuard();
  const updateMe = useUpdateMe();
  const [name, setName] = useState(me.name);
  return (
    <Panel>
      <InlineForm
        onSubmit={async () => {
          if (await guard(updateMe({ name }))) showToast({ text: t('settings:account.saved') });
        }}
      >
        <TextInput
          label={t('settings:account.name')}
          description={t('settings:account.nameHint')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" disabled={name.trim() === '' || name === me.name}>
          {t('common:save')}
        </Button>
      </InlineForm>
    </Panel>
  );
}

function SignOutPanel() {
  const { t } = useTranslation('settings');
  const me = useMe();
  const guard = useGuard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);

  async function signOut(): Promise<void> {
    if ((await guard(api.call('signOut'))) === undefined) return;
    await forgetKept(me.id);
    await navigate({ to: '/sign-in' });
    queryClient.clear();
  }

  return (
    <Panel>
      <Button variant="default" onClick={() => (me.hasPassword ? void signOut() : setAsking(true))}>
        {t('account.signOut')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('account.signOut')}
          body={t('account.signOutNoPassword')}
          confirmLabel={t('account.signOut')}
          onConfirm={signOut}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}
