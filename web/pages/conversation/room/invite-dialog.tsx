import { Button, NumberInput, TextInput } from '@mantine/core';
import { useQuery, useQueryClient, queryOptions } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import { api } from '../../../state/api.ts';
import { formatDateTime } from '../../../state/format.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { PanelList, PanelRow } from '../../../ui/panel.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { LinkDetails } from '../../settings/device-panel.tsx';

const MOST_USES = 50;

const invitesQuery = (id: string) =>
  queryOptions({
    queryKey: ['roomInvites', id],
    queryFn: async ({ signal }) => (await api.call('roomInvites', { params: { id }, signal })).invites,
  });

/** Makes links by which humans come into the room, and takes them back. */
export function InviteDialog({ conversation: { id }, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation('room');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [made, setMade] = useState<{ id: string; url: string; expiresAt: number } | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['roomInvites', id] });
  return (
    <Sheet title={t('invite.title')} onClose={onClose}>
      <Stack>
        <p>{t('invite.lead')}</p>
        {made === null ? (
          <InviteForm
            onMake={async (body) => {
              const created = await guard(api.call('createRoomInvite', { params: { id }, body }));
              if (created !== undefined) setMade(created);
              await refresh();
            }}
          />
        ) : (
          <>
            <LinkDetails link={made} warning={isLocal(made.url) ? t('invite.local') : null} />
            <div>
              <Button variant="default" onClick={() => setMade(null)}>
                {t('invite.another')}
              </Button>
            </div>
          </>
        )}
        <OpenInvites
          id={id}
          onRevoke={async (inviteId) => {
            await guard(api.call('revokeRoomInvite', { params: { id, inviteId } }));
            if (made?.id === inviteId) setMade(null);
            await refresh();
          }}
        />
      </Stack>
    </Sheet>
  );
}

function InviteForm({ onMake }: { onMake: (body: { note: string; uses: number }) => Promise<void> }) {
  const { t } = useTranslation('room');
  const [note, setNote] = useState('');
  const [uses, setUses] = useState(1);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onMake({ note, uses });
      }}
    >
      <Stack>
        <TextInput
          label={t('invite.note')}
          description={t('invite.noteHint')}
          value={note}
          maxLength={200}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <NumberInput
          hideControls
          label={t('invite.uses')}
          min={1}
          max={MOST_USES}
          clampBehavior="strict"
          allowDecimal={false}
          value={uses}
          onChange={(value) => typeof value === 'number' && value >= 1 && setUses(value)}
        />
        <div>
          <Button type="submit">{t('invite.make')}</Button>
        </div>
      </Stack>
    </form>
  );
}

function OpenInvites({ id, onRevoke }: { id: string; onRevoke: (inviteId: string) => Promise<void> }) {
  const { t } = useTranslation('room');
  const { data: invites = [] } = useQuery(invitesQuery(id));
  if (invites.length === 0) return null;
  return (
    <section>
      <h3>{t('invite.open')}</h3>
      <PanelList>
        {invites.map((invite) => {
          const name = invite.note === '' ? t('invite.unnamed') : invite.note;
          return (
            <PanelRow
              key={invite.id}
              title={name}
              detail={t('invite.detail', { count: invite.usesLeft, time: formatDateTime(invite.expiresAt) })}
            >
              <Button
                variant="subtle"
                size="compact-sm"
                aria-label={t('invite.revokeLabel', { name })}
                onClick={() => void onRevoke(invite.id)}
              >
                {t('invite.revoke')}
              </Button>
            </PanelRow>
          );
        })}
      </PanelList>
    </section>
  );
}

function isLocal(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}
