import { useTranslation } from 'react-i18next';
import type { Message } from '../../../../contract/messages.ts';
import { Face } from './face.tsx';
import { accentOf, isOwn, speakerOf, useRoomCast } from './room-cast.tsx';
import { listNames } from './room-title.ts';
import classes from './room-row.module.css';
import { TurnWhy } from './turn-why.tsx';

/** Over a message of a room: who says it, to whom when not to all, and why the director chose them. */
export function SpeakerLine({ message }: { message: Message }) {
  const cast = useRoomCast();
  if (!cast.isRoom) return null;
  const speaker = speakerOf(cast, message);
  const own = isOwn(cast, message);
  if (own && message.manner === 'open') return null;
  return (
    <div className={classes['line']}>
      {!own && (
        <span className={classes['speaker']} data-accent={speaker === undefined ? undefined : accentOf(cast, speaker)}>
          {speaker !== undefined && <Face participant={speaker} size="small" />}
          <b>{message.author.name}</b>
        </span>
      )}
      <MannerMark message={message} />
      {cast.isDirected && message.author.kind === 'character' && <TurnWhy message={message} />}
    </div>
  );
}

/** How it was said, where not openly. */
function MannerMark({ message }: { message: Message }) {
  const { t } = useTranslation('room');
  const cast = useRoomCast();
  const { manner, audience } = message;
  if (manner === 'open') return null;
  const speakerId = speakerOf(cast, message)?.id;
  const listeners = cast.participants.filter(
    ({ id }) => audience !== 'everyone' && audience.includes(id) && id !== speakerId,
  );
  const names = listNames(listeners.map(({ id, name }) => (id === cast.seatId ? t('manner.you') : name)));
  const text =
    manner === 'aside' || listeners.length === 0
      ? t('manner.aside')
      : manner === 'door'
        ? t('manner.door', { names })
        : t('manner.whisper', { names });
  return <span className={classes['manner']}>{text}</span>;
}
