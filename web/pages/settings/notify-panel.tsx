import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { canNotify, isNotifying, setNotifying } from '../../state/device/reply-notices.ts';
import { showToast } from '../../state/toasts.ts';
import { Panel } from '../../ui/panel.tsx';

/** Whether this device tells of a reply that is ready while the app is in the background. */
export function NotifyPanel() {
  const { t } = useTranslation('settings');
  const [on, setOn] = useState(isNotifying);
  const possible = canNotify();
  const change = async (checked: boolean) => {
    const now = await setNotifying(checked);
    setOn(now);
    if (checked && !now) showToast({ kind: 'error', text: t('data.notifyRefused') });
  };
  return (
    <Panel title={t('data.notify')} lead={possible ? t('data.notifyLead') : t('data.notifyImpossible')}>
      {possible && (
        <Switch
          label={t('data.notifySwitch')}
          checked={on}
          onChange={({ currentTarget: { checked } }) => void change(checked)}
        />
      )}
    </Panel>
  );
}
