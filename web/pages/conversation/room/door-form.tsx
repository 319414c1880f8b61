import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import classes from './member-sheet.module.css';
import { membersOf } from './room-title.ts';
import type { RoomActions } from './use-room-actions.ts';

export interface DoorFormProps {
  conversation: Conversation;
  member: Participant;
  actions: RoomActions;
}

/** Sends somebody behind a closed door, alone or with others, or lets all who are behind it out again. */
export function DoorForm(props: DoorFormProps) {
  return props.member.door === '' ? <CloseDoorForm {...props} /> : <ClosedDoor {...props} />;
}

function ClosedDoor({ conversation, member, actions }: DoorFormProps) {
  const { t } = useTranslation('room');
  const behind = membersOf(conversation).filter(({ present, door }) => present && door === member.door);
  const open = () =>
    actions.door(
      behind.map(({ id }) => id),
      '',
    );
  return (
    <div className={classes['door']}>
      <p>{t('door.behind', { name: member.name, door: member.door })}</p>
      <div>
        <Button variant="default" onClick={() => void open()}>
          {t('door.open')}
        </Button>
      </div>
    </div>
  );
}

function CloseDoorForm({ conversation, member, actions }: DoorFormProps) {
  const { t } = useTranslation('room');
  const [name, setName] = useState('');
  const [withIds, setWithIds] = useState<readonly string[]>([]);
  const there = membersOf(conversation).filter(({ present }) => present);
  const others = there.filter(({ id, door }) => id !== member.id && door === '');
  return (
    <form
      className={classes['door']}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void actions.door([member.id, ...withIds], name.trim());
      }}
    >
      <TextInput
        label={t('door.name')}
        description={t('door.hint')}
        placeholder={t('door.placeholder')}
        value={name}
        maxLength={100}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {others.length > 0 && (
        <fieldset>
          <legend>{t('door.with')}</legend>
          <div className={classes['checks']}>
            {others.map(({ id, name: label }) => (
              <Checkbox
                size="md"
                key={id}
                label={label}
                checked={withIds.includes(id)}
                onChange={() =>
                  setWithIds(withIds.includes(id) ? withIds.filter((other) => other !== id) : [...withIds, id])
                }
              />
            ))}
          </div>
        </fieldset>
      )}
      <div>
        <Button type="submit" variant="default" disabled={name.trim() === ''}>
          {t('door.close')}
        </Button>
      </div>
    </form>
  );
}
