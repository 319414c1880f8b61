import { Button, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invitation } from '../../../contract/accounts.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { invitationsQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { InlineForm } from '../../ui/inline-form.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';

export function InvitationsPanel() {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: invitations } = useQuery(invitationsQuery);
  const [note, setNote] = useState('');
  const [created, setCreated] = useState<(Invitation & { url: string }) | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey });

  async function invite(): Promise<void> {
    const invitation = await guard(api.call('createInvitation', { body: { note } }));
    if (invitation === undefined) return;
    setCreated(invitation);
    setNote('');
    await refresh();
  }

  return (
    <Panel title={t('people.invitations')}>
      <InlineForm onSubmit={invite}>
        <TextInput
          label={t('people.note')}
          description={t('people.noteHint')}
          value={note}
          maxLength={120}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Button type="submit">{t('people.invite')}</Button>
      </InlineForm>
      {created !== null && (
        <div role="status">
          <p>{t('people.invitationReady', { time: formatDateTime(created.expiresAt) })}</p>
          <CopyField value={created.url} label={t('people.copyInvitation')} />
        </div>
      )}
      {invitations?.length === 0 && <p>{t('people.noInvitations')}</p>}
      <PanelList>
        {invitations?.map((invitation) => (
          <InvitationRow
            key={invitation.id}
            invitation={invitation}
            onWithdraw={() => void guard(api.call('deleteInvitation', { params: { id: invitation.id } })).then(refresh)}
          />
        ))}
      </PanelList>
    </Panel>
  );
}

function InvitationRow({ invitation, onWithdraw }: { invitation: Invitation; onWithdraw: () => void }) {
  const { t } = useTranslation('settings');
  const note = invitation.note === '' ? t('people.unnamed') : invitation.note;
  const state =
    invitation.usedAt !== null
      ? t('people.used', { time: formatDateTime(invitation.usedAt) })
      : invitation.expiresAt < Date.now()
        ? t('people.expired')
        : t('people.expires', { time: formatDateTime(invitation.expiresAt) });
  return (
    <PanelRow title={note} detail={state}>
      {invitation.usedAt === null && (
        <Button variant="default" aria-label={t('people.withdrawOf', { note })} onClick={onWithdraw}>
          {t('people.withdraw')}
        </Button>
      )}
    </PanelRow>
  );
}
