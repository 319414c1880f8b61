import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import { formatDuration } from '../../../state/format-duration.ts';
import { IconMicrophone } from '../../../ui/icons.ts';
import { ListenButton } from './listen-button.tsx';
import { recordingAddress } from './voice-calls.ts';
import classes from './voice-note.module.css';

/** Says of a message that it was spoken, and plays it where its sound is kept. */
export function VoiceNote({ message }: { message: Message }) {
  const { t } = useTranslation('talk');
  const voice = message.parts.find((part) => part.type === 'voice');
  if (voice === undefined || (voice.callId !== null && !voice.recorded)) return null;
  return (
    <span className={classes['note']}>
      <IconMicrophone size={15} aria-hidden />
      <span>{t('voice.spoken', { length: formatDuration(voice.durationInMs) })}</span>
      {voice.recorded && (
        <ListenButton url={recordingAddress(message.id)} label={t('voice.play')} className={classes['play'] ?? ''} />
      )}
    </span>
  );
}
