import { NativeSelect, Slider, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { turnProfileSchema } from '../../../contract/voice.ts';
import { formatNumber } from '../../state/format.ts';
import { Panel } from '../../ui/panel.tsx';
import { Stack } from '../../ui/stack.tsx';
import { callPreferencesQuery } from '../call/call-queries.ts';
import { useCallPreferences } from '../call/use-call-preferences.ts';
import classes from './voices.module.css';

/** How the person likes to call, on every device. */
export function CallPreferencesPanel() {
  const { t } = useTranslation('voices');
  const { data: preferences } = useQuery(callPreferencesQuery);
  const save = useCallPreferences();
  if (preferences === undefined) return null;

  const toggle = (name: 'captions' | 'largeCaptions' | 'keepRecordings' | 'elder') => (
    <Switch
      key={name}
      label={t(`calls.${name}`)}
      description={t(`calls.${name}Hint`)}
      checked={preferences[name]}
      onChange={(event) => save({ [name]: event.currentTarget.checked })}
    />
  );
  return (
    <Panel title={t('calls.title')} lead={t('calls.lead')}>
      <Stack>
        <NativeSelect
          label={t('calls.profile')}
          description={t(`calls.profileHints.${preferences.profile}`)}
          maw={420}
          value={preferences.profile}
          data={turnProfileSchema.options.map((value) => ({ value, label: t(`calls.profiles.${value}`) }))}
          onChange={(event) => save({ profile: turnProfileSchema.parse(event.currentTarget.value) })}
        />
        <SpeedSlider
          key={preferences.speed}
          label={t('calls.speed')}
          speed={preferences.speed}
          onSpeed={(speed) => save({ speed })}
        />
        {(['captions', 'largeCaptions', 'keepRecordings', 'elder'] as const).map(toggle)}
      </Stack>
    </Panel>
  );
}

export interface SpeedSliderProps {
  label: string;
  speed: number;
  /** When the thumb is let go. */
  onSpeed: (speed: number) => void;
}

/** Half to twice as fast as the voice is. */
export function SpeedSlider({ label, speed, onSpeed }: SpeedSliderProps) {
  const times = (value: number) => `${formatNumber(value, 2)}×`;
  return (
    <div className={classes['slider']}>
      <span aria-hidden>{label}</span>
      <Slider
        thumbLabel={label}
        min={0.5}
        max={2}
        step={0.05}
        defaultValue={speed}
        label={times}
        marks={[0.5, 1, 1.5, 2].map((value) => ({ value, label: times(value) }))}
        onChangeEnd={onSpeed}
      />
    </div>
  );
}
