import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isKeeping, setKeeping } from '../../state/device/keep-switch.ts';
import { forgetKept } from '../../state/device/use-kept-reading.ts';
import { useMe } from '../../state/use-me.ts';
import { Panel } from '../../ui/panel.tsx';

/** Whether this device keeps recent conversations to be read without a network. */
export function KeepPanel() {
  const { t } = useTranslation('settings');
  const me = useMe();
  const [keeping, setShown] = useState(isKeeping);
  return (
    <Panel title={t('data.keep')} lead={t('data.keepLead')}>
      <Switch
        label={t('data.keepSwitch')}
        checked={keeping}
        onChange={({ currentTarget: { checked } }) => {
          setKeeping(checked);
          setShown(checked);
          if (!checked) void forgetKept(me.id);
        }}
      />
    </Panel>
  );
}
