import { Button, NumberInput, Switch, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import { cardModeSchema, roomSettingsSchema, turnOrderSchema } from '../../../../contract/rooms.ts';
import type { RoomSettings, UpdateRoom } from '../../../../contract/rooms.ts';
import { ButtonRow } from '../../../ui/button-row.tsx';
import { RadioChoices } from '../../../ui/radio-choices.tsx';
import { Sheet } from '../../../ui/sheet.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { useRoomActions } from './use-room-actions.ts';

interface PartProps {
  settings: RoomSettings;
  save: (change: UpdateRoom) => void;
}

/** How a room goes; each change counts at once. */
export function RoomSettingsDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation(['room', 'common']);
  const actions = useRoomActions(conversation);
  const [settings, setSettings] = useState(() => conversation.room ?? roomSettingsSchema.parse({}));
  const save = (change: UpdateRoom) => {
    const before = settings;
    setSettings(roomSettingsSchema.parse({ ...settings, ...change }));
    void actions.update(change).then((saved) => saved === undefined && setSettings(before));
  };
  return (
    <Sheet title={t('room:settings.title')} onClose={onClose}>
      <Stack gap="large">
        <RadioChoices
          label={t('room:settings.turnOrder')}
          value={settings.turnOrder}
          choices={turnOrderSchema.options.map((value) => ({
            value,
            label: t(`room:turnOrder.${value}.label`),
            hint: t(`room:turnOrder.${value}.hint`),
          }))}
          onChange={(turnOrder) => save({ turnOrder })}
        />
        <TurnPart {...{ settings, save }} />
        <RadioChoices
          label={t('room:settings.cardMode')}
          value={settings.cardMode}
          choices={cardModeSchema.options.map((value) => ({
            value,
            label: t(`room:cardMode.${value}.label`),
            hint: t(`room:cardMode.${value}.hint`),
          }))}
          onChange={(cardMode) => save({ cardMode })}
        />
        {settings.cardMode === 'join' && <JoinPart {...{ settings, save }} />}
        <GuestsPart {...{ settings, save }} />
      </Stack>
      <ButtonRow>
        <Button onClick={onClose}>{t('common:done')}</Button>
      </ButtonRow>
    </Sheet>
  );
}

function TurnPart({ settings, save }: PartProps) {
  const { t } = useTranslation('room');
  return (
    <>
      <NumberInput
        hideControls
        label={t('settings.mostReplies')}
        description={t('settings.mostRepliesHint')}
        min={1}
        max={12}
        clampBehavior="strict"
        allowDecimal={false}
        value={settings.mostReplies}
        onChange={(value) => typeof value === 'number' && value >= 1 && save({ mostReplies: value })}
      />
      <Switch
        label={t('settings.selfReplies')}
        description={t('settings.selfRepliesHint')}
        checked={settings.allowSelfReplies}
        onChange={(event) => save({ allowSelfReplies: event.currentTarget.checked })}
      />
      <Switch
        label={t('settings.autoRun')}
        description={t('settings.autoRunHint')}
        checked={settings.autoRun}
        onChange={(event) => save({ autoRun: event.currentTarget.checked })}
      />
      {settings.autoRun && (
        <NumberInput
          hideControls
          label={t('settings.delay')}
          min={0}
          max={600}
          clampBehavior="strict"
          value={settings.autoRunDelayInSeconds}
          onChange={(value) => typeof value === 'number' && save({ autoRunDelayInSeconds: value })}
        />
      )}
    </>
  );
}

/** What guests may do beside talking; what they use of models is the host's. */
function GuestsPart({ settings, save }: PartProps) {
  const { t } = useTranslation('room');
  return (
    <>
      <Switch
        label={t('settings.steer')}
        description={t('settings.steerHint')}
        checked={settings.guestsMay === 'steer'}
        onChange={(event) => save({ guestsMay: event.currentTarget.checked ? 'steer' : 'talk' })}
      />
      <Switch
        label={t('settings.guestsRead')}
        description={t('settings.guestsReadHint')}
        checked={settings.guestsRead}
        onChange={(event) => save({ guestsRead: event.currentTarget.checked })}
      />
      <Switch
        label={t('settings.guestsWrite')}
        description={t('settings.guestsWriteHint')}
        checked={settings.guestsWrite}
        onChange={(event) => save({ guestsWrite: event.currentTarget.checked })}
      />
    </>
  );
}

function JoinPart({ settings, save }: PartProps) {
  const { t } = useTranslation('room');
  return (
    <>
      <Textarea
        label={t('settings.joinPrefix')}
        description={t('settings.joinHint', { field: '<FIELDNAME>', character: '{{char}}' })}
        autosize
        maxLength={2000}
        defaultValue={settings.joinPrefix}
        onBlur={(event) => save({ joinPrefix: event.currentTarget.value })}
      />
      <Textarea
        label={t('settings.joinSuffix')}
        autosize
        maxLength={2000}
        defaultValue={settings.joinSuffix}
        onBlur={(event) => save({ joinSuffix: event.currentTarget.value })}
      />
    </>
  );
}
