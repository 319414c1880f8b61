import type { Participant } from '../../../../contract/rooms.ts';
import { accentOf, useRoomCast } from './room-cast.tsx';
import classes from './face.module.css';

export interface FaceProps {
  participant: Pick<Participant, 'id' | 'name' | 'pictureUrl'>;
  size?: 'small' | 'medium' | 'large';
}

/** Somebody's picture in a circle, or the first letter of the name in their colour. The name stands beside it. */
export function Face({ participant, size = 'medium' }: FaceProps) {
  const { name, pictureUrl } = participant;
  return (
    <span
      className={classes['face']}
      data-size={size}
      data-accent={accentOf(useRoomCast(), participant)}
      data-letter={pictureUrl === null ? firstLetter(name) : undefined}
      aria-hidden
    >
      {pictureUrl !== null && <img src={pictureUrl} alt="" draggable={false} decoding="async" loading="lazy" />}
    </span>
  );
}

function firstLetter(name: string): string {
  return Array.from(name.trim())[0]?.toLocaleUpperCase() ?? '·';
}
