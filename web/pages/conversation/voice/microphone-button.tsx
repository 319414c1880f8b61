import { useTranslation } from 'react-i18next';
import { soundPlayer } from '../../../state/sound-player.ts';
import { IconMicrophone } from '../../../ui/icons.ts';
import classes from '../composer.module.css';
import { VoiceRecorder } from './voice-recorder.ts';

/** Begins to record: to dictate, or to send what is said. */
export function MicrophoneButton({ onRecord }: { onRecord: (recorder: VoiceRecorder) => void }) {
  const { t } = useTranslation('talk');
  return (
    <button
      type="button"
      className={classes['microphone']}
      aria-label={t('voice.start')}
      title={t('voice.start')}
      onClick={() => {
        // What sounds would be recorded too.
        soundPlayer.stop();
        onRecord(VoiceRecorder.create());
      }}
    >
      <IconMicrophone size={20} aria-hidden />
    </button>
  );
}
