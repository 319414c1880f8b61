import { useTranslation } from 'react-i18next';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { IconChevronDown } from '../../../ui/icons.ts';
import { Face } from './face.tsx';
import { memberActivity } from './member-activity.ts';
import classes from './member-strip.module.css';

/** Faces that fit beside the words on the narrowest phone. */
const MOST_FACES = 5;

export interface FoldedStripProps {
  members: readonly Participant[];
  state: ConversationState;
  onUnfold: () => void;
}

/** Everybody in one line, for phones: some faces, how many there are, and who is doing something. */
export function FoldedStrip({ members, state, onUnfold }: FoldedStripProps) {
  const { t } = useTranslation('room');
  const busy = members.flatMap((member) => {
    const activity = memberActivity(member, state);
    return activity === null ? [] : [{ member, activity }];
  });
  const first = busy[0];
  // Whoever speaks is among the faces, however many there are.
  const faces = [...busy.map(({ member }) => member), ...members].slice(0, MOST_FACES + busy.length);
  const shown = [...new Set(faces)].slice(0, MOST_FACES);
  return (
    <button type="button" className={classes['folded']} aria-expanded={false} onClick={onUnfold}>
      <span className={classes['faces']}>
        {shown.map((member) => (
          <span key={member.id} data-active={member.id === first?.member.id}>
            <Face participant={member} size="small" />
          </span>
        ))}
      </span>
      <span className={classes['summary']}>
        {first === undefined
          ? t('strip.count', { count: members.length })
          : t(`strip.${first.activity}`, { name: first.member.name })}
      </span>
      <IconChevronDown size={16} aria-hidden />
    </button>
  );
}
