import { Menu } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { IconDots, IconX } from '../../../ui/icons.ts';
import classes from '../conversation-view.module.css';

/** All that a guest can do about the room itself. */
export function LeaveRoomMenu({ conversation: { id } }: { conversation: Conversation }) {
  const { t } = useTranslation(['room', 'talk']);
  const guard = useGuard();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const leave = async () => {
    const left = await guard(api.call('leaveRoom', { params: { id } }));
    if (left === undefined) return;
    await queryClient.invalidateQueries({ queryKey: ['conversations'] });
    await navigate({ to: '/' });
  };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <button type="button" className={classes['glass']} data-part="glass" aria-label={t('talk:header.menu')}>
            <IconDots size={20} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconX size={16} aria-hidden />} onClick={() => setAsking(true)}>
            {t('room:leave.action')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <ConfirmDialog
          title={t('room:leave.title')}
          body={t('room:leave.body')}
          confirmLabel={t('room:leave.action')}
          onConfirm={leave}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
