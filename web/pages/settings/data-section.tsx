import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { deleteAllSchema } from '../../../contract/house.ts';
import { api } from '../../state/api.ts';
import { forgetKept } from '../../state/device/use-kept-reading.ts';
import { showToast } from '../../state/toasts.ts';
import { useGuard } from '../../state/use-guard.ts';
import { useMe } from '../../state/use-me.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { KeepPanel } from './keep-panel.tsx';
import { NotifyPanel } from './notify-panel.tsx';

const [CONFIRM_WORD] = deleteAllSchema.shape.confirm.values;

export function DataSection() {
  const { t } = useTranslation(['settings', 'moving']);
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Panel title={t('moving:title')} lead={t('moving:lead')}>
        <div>
          <Button component={Link} to="/moving">
            {t('moving:title')}
          </Button>
        </div>
      </Panel>
      <Panel title={t('settings:data.export')} lead={t('settings:data.exportLead')}>
        <div>
          <Button component="a" href={api.url(API_ADDRESSES.exportAll)} download variant="default">
            {t('settings:data.exportAction')}
          </Button>
        </div>
      </Panel>
      <KeepPanel />
      <NotifyPanel />
      <Panel title={t('settings:data.delete')} lead={t('settings:data.deleteLead')}>
        <div>
          <Button variant="default" onClick={() => setAsking(true)}>
            {t('settings:data.deleteAction')}
          </Button>
        </div>
      </Panel>
      {asking && <DeleteAllDialog onClose={() => setAsking(false)} />}
    </>
  );
}

function DeleteAllDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const me = useMe();
  const [word, setWord] = useState('');
  const sure = word.trim().toLowerCase() === CONFIRM_WORD;
  return (
    <ConfirmDialog
      title={t('data.deleteTitle')}
      body={
        <TextInput
          label={t('data.deleteType', { word: CONFIRM_WORD })}
          value={word}
          autoComplete="off"
          onChange={(event) => setWord(event.currentTarget.value)}
        />
      }
      confirmLabel={t('data.deleteConfirm')}
      disabled={!sure}
      onConfirm={async () => {
        const done = await guard(api.call('deleteAll', { body: { confirm: 'delete' } }));
        if (done === undefined) return;
        await forgetKept(me.id);
        await queryClient.invalidateQueries();
        showToast({ text: t('data.deleted') });
        await navigate({ to: '/' });
      }}
      onClose={onClose}
    />
  );
}
