import { Button, Slider } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSession } from '../../../../client/conversation-session.ts';
import type { ConversationState } from '../../../../client/conversation-state.ts';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { DoorForm } from './door-form.tsx';
import { Face } from './face.tsx';
import classes from './member-sheet.module.css';
import { useRoomCast } from './room-cast.tsx';
import { membersOf } from './room-title.ts';
import { useMemberState } from './use-member-state.ts';
import { useRoomActions, type RoomActions } from './use-room-actions.ts';

export interface MemberSheetProps {
  session: ConversationSession;
  state: ConversationState;
  conversation: Conversation;
  member: Participant;
  onClose: () => void;
}

/** One of the room: how they are, and for the host what can be done about them. */
export function MemberSheet({ session, state, conversation, member, onClose }: MemberSheetProps) {
  const { t } = useTranslation('room');
  const { text } = useMemberState(member, state);
  const actions = useRoomActions(conversation);
  const { maySteer } = useRoomCast();
  const [leaving, setLeaving] = useState(false);
  const role = t(`role.${member.role}`);
  const canSpeak = member.kind === 'character' && member.present && maySteer;
  const last = state.path.at(-1);
  if (leaving) {
    return (
      <ConfirmDialog
        title={t('member.removeTitle', { name: member.name })}
        body={member.kind === 'human' ? t('member.removeHuman') : t('member.removeCharacter')}
        confirmLabel={t('member.remove')}
        onConfirm={async () => {
          await actions.remove(member.id);
        }}
        onClose={onClose}
      />
    );
  }
  return (
    <Sheet title={member.name} onClose={onClose}>
      <Stack>
        <div className={classes['who']}>
          <Face participant={member} size="large" />
          <p>
            {role}
            {text !== '' && <span>{text}</span>}
          </p>
        </div>
        {canSpeak && last !== undefined && (
          <Button
            disabled={state.streaming.size > 0}
            onClick={() => {
              void actions.guard(session.startReply('speak', last.id, member.id));
              onClose();
            }}
          >
            {t('member.speak')}
          </Button>
        )}
        {conversation.mine && <HostPart {...{ conversation, member, actions }} onLeave={() => setLeaving(true)} />}
      </Stack>
    </Sheet>
  );
}

interface HostPartProps {
  conversation: Conversation;
  member: Participant;
  actions: RoomActions;
  onLeave: () => void;
}

function HostPart({ conversation, member, actions, onLeave }: HostPartProps) {
  const { t } = useTranslation('room');
  const { id, kind, muted, present, role } = member;
  return (
    <>
      {kind === 'character' && <Talkativeness member={member} actions={actions} />}
      <div className={classes['buttons']}>
        {kind === 'character' && (
          <Button variant="default" onClick={() => void actions.change(id, { muted: !muted })}>
            {muted ? t('member.unmute') : t('member.mute')}
          </Button>
        )}
        <Button variant="default" onClick={() => void actions.move(id, !present)}>
          {present ? t('member.sceneOut') : t('member.sceneIn')}
        </Button>
        <MoveButtons {...{ conversation, member, actions }} />
      </div>
      {present && <DoorForm {...{ conversation, member, actions }} />}
      {role !== 'host' && (
        <div className={classes['buttons']}>
          <Button variant="subtle" onClick={onLeave}>
            {t('member.remove')}
          </Button>
        </div>
      )}
    </>
  );
}

function Talkativeness({ member, actions }: Pick<HostPartProps, 'member' | 'actions'>) {
  const { t } = useTranslation('room');
  const [value, setValue] = useState(member.talkativeness);
  return (
    <div className={classes['slider']}>
      <p id="talkativeness">{t('member.talkativeness', { percent: value })}</p>
      <Slider
        value={value}
        min={0}
        max={100}
        step={5}
        label={null}
        thumbLabel={t('member.talkativenessLabel', { name: member.name })}
        onChange={setValue}
        onChangeEnd={(talkativeness) => void actions.change(member.id, { talkativeness })}
      />
      <small>{t('member.talkativenessHint')}</small>
    </div>
  );
}

/** One place up or down in the list, past those who are gone. */
function MoveButtons({ conversation, member, actions }: Omit<HostPartProps, 'onLeave'>) {
  const { t } = useTranslation('room');
  const members = membersOf(conversation);
  const at = members.findIndex(({ id }) => id === member.id);
  const placeOf = (neighbour: Participant | undefined) =>
    neighbour === undefined ? -1 : conversation.participants.findIndex(({ id }) => id === neighbour.id);
  const up = placeOf(members[at - 1]);
  const down = placeOf(members[at + 1]);
  return (
    <>
      {up >= 0 && (
        <Button variant="default" onClick={() => void actions.change(member.id, { position: up })}>
          {t('member.up')}
        </Button>
      )}
      {down >= 0 && (
        <Button variant="default" onClick={() => void actions.change(member.id, { position: down })}>
          {t('member.down')}
        </Button>
      )}
    </>
  );
}
