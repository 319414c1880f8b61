import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../../client/conversation-session.ts';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { useIsNarrow } from '../../../state/use-is-narrow.ts';
import { IconChevronUp, IconPlus } from '../../../ui/icons.ts';
import { Face } from './face.tsx';
import { FoldedStrip } from './folded-strip.tsx';
import { membersOf } from './room-title.ts';
import classes from './member-strip.module.css';
import { useMemberState } from './use-member-state.ts';

const MemberSheet = lazy(async () => ({ default: (await import('./member-sheet.tsx')).MemberSheet }));

export interface MemberStripProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
  /** Asks who is to come in. */
  onAdd: () => void;
}

/** Everybody who belongs to the room, with how they are; each opens what can be done about them. One line on phones. */
export function MemberStrip({ session, state, conversation, onAdd }: MemberStripProps) {
  const { t } = useTranslation('room');
  const [openId, setOpenId] = useState<string | null>(null);
  const narrow = useIsNarrow();
  const [unfolded, setUnfolded] = useState(false);
  const members = membersOf(conversation);
  const open = members.find(({ id }) => id === openId);
  if (narrow && !unfolded) {
    return (
      <nav className={classes['strip']} aria-label={t('members')}>
        <FoldedStrip {...{ members, state }} onUnfold={() => setUnfolded(true)} />
      </nav>
    );
  }
  return (
    <nav className={classes['strip']} aria-label={t('members')}>
      {narrow && (
        <button
          type="button"
          className={classes['fold']}
          aria-expanded
          aria-label={t('strip.fold')}
          onClick={() => setUnfolded(false)}
        >
          <IconChevronUp size={18} aria-hidden />
        </button>
      )}
      <ul>
        {members.map((member) => (
          <li key={member.id}>
            <Member member={member} state={state} conversation={conversation} onOpen={() => setOpenId(member.id)} />
          </li>
        ))}
      </ul>
      {conversation.mine && (
        <button type="button" className={classes['add']} aria-label={t('add.title')} onClick={onAdd}>
          <IconPlus size={20} aria-hidden />
        </button>
      )}
      <Suspense>
        {open !== undefined && (
          <MemberSheet {...{ session, state, conversation }} member={open} onClose={() => setOpenId(null)} />
        )}
      </Suspense>
    </nav>
  );
}

interface MemberProps {
  member: Participant;
  state: ConversationState;
  conversation: Conversation;
  onOpen: () => void;
}

function Member({ member, state, conversation, onOpen }: MemberProps) {
  const { text, active, online } = useMemberState(member, state);
  return (
    <button
      type="button"
      className={classes['member']}
      data-away={!member.present}
      data-active={active}
      aria-haspopup="dialog"
      aria-current={member.id === conversation.seatId || undefined}
      onClick={onOpen}
    >
      <span className={classes['face']}>
        <Face participant={member} />
        {member.kind === 'human' && online && <i className={classes['online']} aria-hidden />}
      </span>
      <span className={classes['name']}>{member.name}</span>{' '}
      {text !== '' && <span className={classes['state']}>{text}</span>}
    </button>
  );
}
