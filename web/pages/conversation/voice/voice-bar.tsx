import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../../../state/format-duration.ts';
import { soundPlayer, useSound } from '../../../state/sound-player.ts';
import { IconArrowUp, IconPencil, IconPlayerPlay, IconPlayerStop, IconX } from '../../../ui/icons.ts';
import { MicrophoneHelp } from '../../call/call-notice.tsx';
import { useVoiceRecording } from './use-voice-recording.ts';
import type { VoiceRecording } from './use-voice-recording.ts';
import { sendVoiceMessage, transcribe } from './voice-calls.ts';
import classes from './voice-bar.module.css';
import type { VoiceRecorder } from './voice-recorder.ts';

const QUIETEST_IN_DB = -60;

export interface VoiceBarProps {
  /** Where the sound may be sent; null = it can only be written down. */
  conversationId: string | null;
  recorder: VoiceRecorder;
  /** What was said, to be written into the box. */
  onWords: (words: string) => void;
  onClose: () => void;
}

/** In the place of the box while one speaks: the words can be written down, or the sound sent after it was heard. */
export function VoiceBar({ conversationId, recorder, onWords, onClose }: VoiceBarProps) {
  const { t } = useTranslation('talk');
  const recording = useVoiceRecording(recorder);
  const { problem, error } = recording;
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => group.current?.focus(), []);

  const write = () =>
    recording.work(async (signal) => {
      const words = await transcribe(await recording.stop(), signal);
      if (words === '') return t('voice.nothingHeard');
      onWords(words);
      return null;
    });
  const send = (to: string) =>
    recording.work(async (signal) => {
      await sendVoiceMessage(to, await recording.stop(), signal);
      onClose();
      return null;
    });

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves, as in a dialog
    <div
      ref={group}
      className={classes['bar']}
      role="group"
      aria-label={t('voice.label')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <button type="button" className={classes['quiet']} aria-label={t('voice.cancel')} onClick={onClose}>
        <IconX size={20} aria-hidden />
      </button>
      {problem === null ? <Middle recording={recording} recorder={recorder} /> : <Problem problem={problem} />}
      {problem === null && (
        <Steps recording={recording} write={write} send={conversationId === null ? null : () => send(conversationId)} />
      )}
      {error !== null && (
        <p className={classes['problem']} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** What can be done with the recording, now and at its end. */
function Steps({
  recording,
  write,
  send,
}: {
  recording: VoiceRecording;
  write: () => Promise<void>;
  send: (() => Promise<void>) | null;
}) {
  const { t } = useTranslation('talk');
  const { stage } = recording;
  const busy = stage === 'working' || stage === 'opening';
  return (
    <>
      {stage === 'recording' && (
        <button
          type="button"
          className={classes['quiet']}
          aria-label={t('voice.stop')}
          onClick={() => void recording.stop()}
        >
          <IconPlayerStop size={18} aria-hidden />
        </button>
      )}
      <button
        type="button"
        className={classes['quiet']}
        aria-label={t('voice.write')}
        title={t('voice.write')}
        disabled={busy}
        onClick={() => void write()}
      >
        <IconPencil size={20} aria-hidden />
      </button>
      {send !== null && (
        <button
          type="button"
          className={classes['send']}
          aria-label={t('voice.send')}
          title={t('voice.send')}
          disabled={busy}
          onClick={() => void send()}
        >
          <IconArrowUp size={22} stroke={2.2} aria-hidden />
        </button>
      )}
    </>
  );
}

function Problem({ problem }: { problem: NonNullable<VoiceRecording['problem']> }) {
  const { t } = useTranslation('call');
  return (
    <div className={classes['middle']} role="alert">
      <strong>{t(`microphone.${problem}.title`)}</strong>
      <MicrophoneHelp problem={problem} />
    </div>
  );
}

function Middle({ recording, recorder }: { recording: VoiceRecording; recorder: VoiceRecorder }) {
  const { t } = useTranslation('talk');
  const { stage, seconds, levelInDb, words } = recording;
  const level = Math.max(0, Math.min(1, 1 - levelInDb / QUIETEST_IN_DB));
  return (
    <div className={classes['middle']}>
      <div className={classes['line']}>
        {stage === 'stopped' ? (
          <Review recorder={recorder} />
        ) : (
          <span className={classes['dot']} data-live={stage === 'recording'} aria-hidden />
        )}
        <span className={classes['time']}>{formatDuration(seconds * 1000)}</span>
        {stage === 'recording' && (
          <span
            className={classes['meter']}
            role="meter"
            aria-label={t('voice.level')}
            aria-valuenow={Math.round(level * 100)}
          >
            <span style={{ transform: `scaleX(${level})` }} />
          </span>
        )}
        <span role="status">{stage === 'stopped' ? '' : t(`voice.stages.${stage}`)}</span>
      </div>
      {words !== '' && (
        <p className={classes['words']} aria-live="off">
          {words}
        </p>
      )}
    </div>
  );
}

/** What was recorded, to be heard before it is sent. */
function Review({ recorder }: { recorder: VoiceRecorder }) {
  const { t } = useTranslation('talk');
  const [url] = useState(() => URL.createObjectURL(recorder.toWav()));
  const { state } = useSound(url);
  useEffect(
    () => () => {
      if (soundPlayer.read().url === url) soundPlayer.stop();
      URL.revokeObjectURL(url);
    },
    [url],
  );
  const idle = state === 'idle' || state === 'paused';
  return (
    <button
      type="button"
      className={classes['quiet']}
      aria-label={idle ? t('voice.hear') : t('voice.stopHearing')}
      onClick={() => (idle ? soundPlayer.play(url) : soundPlayer.stop())}
    >
      {idle ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerStop size={18} aria-hidden />}
    </button>
  );
}
