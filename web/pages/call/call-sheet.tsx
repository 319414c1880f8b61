import { Input, NativeSelect, SegmentedControl, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallPreferences, TurnProfile } from '../../../contract/voice.ts';
import { showToast } from '../../state/toasts.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Stack } from '../../ui/stack.tsx';
import type { CallAudio } from './audio/call-audio.ts';
import { listAudioDevices } from './audio/microphone.ts';
import type { AudioDevice, AudioDevices } from './audio/microphone.ts';
import { canChooseSpeaker } from './audio/output-route.ts';
import { rememberedAudio } from './audio/remembered.ts';
import classes from './call-sheet.module.css';

export interface CallSheetProps {
  audio: CallAudio | null;
  levels: () => { mine: number; theirs: number };
  preferences: CallPreferences;
  onPreferences: (change: Partial<CallPreferences>) => void;
  onClose: () => void;
}

const SPEEDS = ['0.8', '0.9', '1', '1.1', '1.25'] as const;

/** Microphone and loudspeaker of this device, and how the person likes to call. */
export function CallSheet({ audio, levels, preferences, onPreferences, onClose }: CallSheetProps) {
  const { t } = useTranslation('call');
  return (
    <Sheet title={t('settings.title')} onClose={onClose}>
      <Stack gap="large">
        <Devices audio={audio} levels={levels} />
        <ChoiceCards<TurnProfile>
          label={t('settings.profile')}
          value={preferences.profile}
          choices={[
            { value: 'normal', label: t('settings.profiles.normal') },
            { value: 'slow-speaker', label: t('settings.profiles.slow-speaker') },
            { value: 'push-to-talk', label: t('settings.profiles.push-to-talk') },
          ]}
          onChange={(profile) => onPreferences({ profile })}
        />
        <Input.Wrapper label={t('settings.speed')} labelElement="div">
          <SegmentedControl
            fullWidth
            aria-label={t('settings.speed')}
            value={nearestSpeed(preferences.speed)}
            data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
            onChange={(value) => onPreferences({ speed: Number(value) })}
          />
        </Input.Wrapper>
        <Switch
          label={t('settings.large')}
          checked={preferences.largeCaptions}
          onChange={({ currentTarget }) => onPreferences({ largeCaptions: currentTarget.checked, captions: true })}
        />
        <Switch
          label={t('settings.recordings')}
          description={t('settings.recordingsHint')}
          checked={preferences.keepRecordings}
          onChange={({ currentTarget }) => onPreferences({ keepRecordings: currentTarget.checked })}
        />
      </Stack>
    </Sheet>
  );
}

function nearestSpeed(speed: number): (typeof SPEEDS)[number] {
  const [first, ...others] = SPEEDS;
  return others.reduce<(typeof SPEEDS)[number]>(
    (best, value) => (Math.abs(Number(value) - speed) < Math.abs(Number(best) - speed) ? value : best),
    first,
  );
}

function Devices({ audio, levels }: Pick<CallSheetProps, 'audio' | 'levels'>) {
  const { t } = useTranslation('call');
  const devices = useAudioDevices();
  const [kept, setKept] = useState(rememberedAudio);
  const refused = () => showToast({ kind: 'error', text: t('settings.speakerRefused') });
  return (
    <Stack gap="small">
      <NativeSelect
        label={t('settings.microphone')}
        value={kept.microphone}
        data={choices(devices.microphones, t('settings.systemDevice'), t('settings.unnamedDevice'))}
        onChange={({ currentTarget: { value } }) => {
          setKept({ ...kept, microphone: value });
          void audio?.chooseMicrophone(value);
        }}
      />
      <LevelMeter levels={levels} />
      {canChooseSpeaker() && devices.speakers.length > 0 && (
        <NativeSelect
          label={t('settings.speaker')}
          value={kept.speaker}
          data={choices(devices.speakers, t('settings.systemDevice'), t('settings.unnamedDevice'))}
          onChange={({ currentTarget: { value } }) => {
            setKept({ ...kept, speaker: value });
            void audio?.chooseSpeaker(value).catch(refused);
          }}
        />
      )}
      <Switch
        label={t('settings.loopback')}
        description={t('settings.loopbackHint')}
        checked={kept.loopback === 'on'}
        onChange={({ currentTarget: { checked } }) => {
          const loopback = checked ? 'on' : 'auto';
          setKept({ ...kept, loopback });
          void audio?.chooseLoopback(loopback).catch(refused);
        }}
      />
    </Stack>
  );
}

function choices(devices: readonly AudioDevice[], system: string, unnamed: string) {
  return [
    { value: '', label: system },
    ...devices.map(({ id, label }) => ({ value: id, label: label === '' ? unnamed : label })),
  ];
}

function useAudioDevices(): AudioDevices {
  const [devices, setDevices] = useState<AudioDevices>({ microphones: [], speakers: [] });
  useEffect(() => {
    const life = new AbortController();
    const read = async () => {
      const found = await listAudioDevices();
      if (!life.signal.aborted) setDevices(found);
    };
    void read();
    navigator.mediaDevices?.addEventListener('devicechange', () => void read(), { signal: life.signal });
    return () => life.abort();
  }, []);
  return devices;
}

/** Levels a second: what an eye follows. */
const METER_PERIOD_IN_MS = 80;
const METER_FLOOR_IN_DB = -60;

/** Whether the microphone hears anything. */
function LevelMeter({ levels }: Pick<CallSheetProps, 'levels'>) {
  const { t } = useTranslation('call');
  const [level, setLevel] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      setLevel(Math.max(0, Math.min(1, 1 - levels().mine / METER_FLOOR_IN_DB)));
    }, METER_PERIOD_IN_MS);
    return () => clearInterval(timer);
  }, [levels]);
  return (
    <meter className={classes['meter']} min={0} max={1} value={level} aria-label={t('settings.level')}>
      {Math.round(level * 100)}%
    </meter>
  );
}
