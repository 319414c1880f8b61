import { Button, NumberInput, Switch } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RequestLogSettings } from '../../../../contract/request-log.ts';
import { api } from '../../../state/api.ts';
import { showToast } from '../../../state/toasts.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Panel } from '../../../ui/panel.tsx';
import classes from '../developers.module.css';

const SETTINGS_KEY = ['platform', 'request-log'] as const;

/** Whether bodies are kept: the owner's to decide. */
export function RequestLogPanel() {
  const { t } = useTranslation('developers');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const [forgetting, setForgetting] = useState(false);
  const { data: settings } = useQuery({
    queryKey: SETTINGS_KEY,
    queryFn: ({ signal }) => api.call('requestLog', { signal }),
  });
  async function change(next: RequestLogSettings): Promise<void> {
    const saved = await guard(api.call('changeRequestLog', { body: next }));
    if (saved !== undefined) queryClient.setQueryData(SETTINGS_KEY, saved);
  }
  if (settings === undefined) return null;
  return (
    <Panel title={t('logs.bodiesTitle')} lead={t('logs.bodiesLead')}>
      <div className={classes['bar']}>
        <Switch
          label={t('logs.keepBodies')}
          checked={settings.enabled}
          onChange={(event) => void change({ ...settings, enabled: event.currentTarget.checked })}
        />
        <NumberInput
          label={t('logs.days')}
          min={1}
          max={90}
          allowDecimal={false}
          clampBehavior="strict"
          hideControls
          value={settings.days}
          onChange={(days) => {
            if (typeof days === 'number' && days >= 1) void change({ ...settings, days });
          }}
        />
        <Button variant="default" onClick={() => setForgetting(true)}>
          {t('logs.forget')}
        </Button>
      </div>
      {forgetting && (
        <ConfirmDialog
          title={t('logs.forgetTitle')}
          body={t('logs.forgetBody')}
          confirmLabel={t('logs.forget')}
          onClose={() => setForgetting(false)}
          onConfirm={async () => {
            if ((await guard(api.call('clearRequestLog'))) !== undefined) showToast({ text: t('logs.forgotten') });
          }}
        />
      )}
    </Panel>
  );
}
