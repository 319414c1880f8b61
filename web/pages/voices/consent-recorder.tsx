import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../state/format-duration.ts';
import { startRecording, type Recorder, type Recording } from '../../state/record-wav.ts';
import { IconMicrophone, IconPlayerStop } from '../../ui/icons.ts';
import { MicrophoneError, openMicrophone, type MicrophoneProblem } from '../call/audio/microphone.ts';
import classes from './cloned-voices.module.css';

export interface ConsentRecorderProps {
  recording: Recording | null;
  onChange: (recording: Recording | null) => void;
}

/** Records a person reading aloud; a new recording replaces the one before. */
export function ConsentRecorder({ recording, onChange }: ConsentRecorderProps) {
  const { t } = useTranslation(['clones', 'call']);
  const { state, elapsedInMs, problem, start, stop } = useRecorder(onChange);
  const status =
    state === 'recording'
      ? t('clones:recording', { time: formatDuration(elapsedInMs) })
      : recording && t('clones:recorded', { time: formatDuration(recording.seconds * 1000) });
  return (
    <div className={classes['recorder']}>
      {state === 'recording' ? (
        <Button leftSection={<IconPlayerStop size={18} aria-hidden />} onClick={() => void stop()}>
          {t('clones:stop')}
        </Button>
      ) : (
        <Button
          variant="default"
          loading={state === 'opening'}
          leftSection={<IconMicrophone size={18} aria-hidden />}
          onClick={() => void start()}
        >
          {recording === null ? t('clones:record') : t('clones:again')}
        </Button>
      )}
      <span role="status">{status}</span>
      {problem !== null && (
        <p role="alert" className={classes['problem']}>
          {problem === 'unreadable' ? t('clones:unreadable') : t(`call:microphone.${problem}.title`)}
        </p>
      )}
    </div>
  );
}

type State = 'idle' | 'opening' | 'recording';

function useRecorder(onChange: (recording: Recording | null) => void) {
  const [state, setState] = useState<State>('idle');
  const [startedAt, setStartedAt] = useState(0);
  const [now, setNow] = useState(0);
  const [problem, setProblem] = useState<MicrophoneProblem | 'unreadable' | null>(null);
  const recorder = useRef<Recorder | null>(null);
  useEffect(() => () => recorder.current?.cancel(), []);
  useEffect(() => {
    if (state !== 'recording') return undefined;
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, [state]);
  const start = async (): Promise<void> => {
    setProblem(null);
    setState('opening');
    try {
      recorder.current = startRecording(await openMicrophone(''));
      onChange(null);
      setStartedAt(performance.now());
      setNow(performance.now());
      setState('recording');
    } catch (error) {
      setProblem(error instanceof MicrophoneError ? error.problem : 'unknown');
      setState('idle');
    }
  };
  const stop = async (): Promise<void> => {
    const running = recorder.current;
    recorder.current = null;
    setState('idle');
    try {
      if (running) onChange(await running.stop());
    } catch {
      setProblem('unreadable');
    }
  };
  return { state, elapsedInMs: now - startedAt, problem, start, stop };
}
