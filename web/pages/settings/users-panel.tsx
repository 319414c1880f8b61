import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../../../contract/accounts.ts';
import { api } from '../../state/api.ts';
import { formatDateTime } from '../../state/format.ts';
import { usersQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel, PanelList, PanelRow } from '../../ui/panel.tsx';

export function UsersPanel() {
  const { t } = useTranslation(['settings', 'common']);
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: users = [] } = useQuery(usersQuery);
  const [leaving, setLeaving] = useState<User | null>(null);
  return (
    <Panel title={t('settings:people.users')}>
      <PanelList>
        {users.map((user) => {
          const since = t('settings:people.since', { time: formatDateTime(user.createdAt) });
          const owner = user.role === 'owner';
          return (
            <PanelRow
              key={user.id}
              title={user.name || user.username || '–'}
              detail={owner ? t('settings:people.owner') : since}
            >
              {!owner && (
                <Button
                  variant="default"
                  aria-label={t('settings:people.removeUser', { name: user.name })}
                  onClick={() => setLeaving(user)}
                >
                  {t('common:remove')}
                </Button>
              )}
            </PanelRow>
          );
        })}
      </PanelList>
      {leaving !== null && (
        <ConfirmDialog
          title={t('settings:people.removeTitle', { name: leaving.name })}
          body={t('settings:people.removeBody')}
          confirmLabel={t('settings:people.removeUser', { name: leaving.name })}
          onConfirm={async () => {
            await guard(api.call('deleteUser', { params: { id: leaving.id } }));
            await queryClient.invalidateQueries({ queryKey: usersQuery.queryKey });
          }}
          onClose={() => setLeaving(null)}
        />
      )}
    </Panel>
  );
}
