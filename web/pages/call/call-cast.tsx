import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Scene } from '../../ui/scene.tsx';
import classes from './call-cast.module.css';
import type { CallRoom } from './call-room.ts';
import { speakerOf } from './call-view.ts';
import type { CallView } from './call-view.ts';

/** More faces than this are smaller and go without names. */
const MOST_NAMED = 5;

/** The characters of the room, whoever speaks lit, and who of it is not in the call. */
export function CallCast({ room, view }: { room: CallRoom; view: CallView }) {
  const { t } = useTranslation('call');
  const speaker = speakerOf(view);
  return (
    <div className={classes['cast']}>
      <ul aria-label={t('room.cast')} data-many={room.characters.length > MOST_NAMED}>
        {room.characters.map(({ id, subjectId, name, pictureUrl }) => (
          <li key={id} aria-current={id === speaker?.id ? 'true' : undefined}>
            <span className={classes['face']}>
              <Scene pictureUrl={pictureUrl} alt="" seed={subjectId} />
            </span>
            <span className={classes['name']}>{name}</span>
          </li>
        ))}
      </ul>
      {room.hasOtherPeople && <p>{t('room.othersAbsent')}</p>}
      <SpeakerAnnouncer name={speaker?.name ?? null} />
    </div>
  );
}

/** Says who speaks when it is somebody else than before: a voice that goes on needs no second telling. */
function SpeakerAnnouncer({ name }: { name: string | null }) {
  const { t } = useTranslation('call');
  const [last, setLast] = useState(name);
  if (name !== null && name !== last) setLast(name);
  const said = name ?? last;
  return (
    <span className="visually-hidden" role="status">
      {said === null ? '' : t('room.speaks', { name: said })}
    </span>
  );
}
