import { useTranslation } from 'react-i18next';
import type { Message, MessagePart } from '../../../../contract/messages.ts';
import type { StoryEvent } from '../../../../contract/rooms.ts';
import { IconTrash } from '../../../ui/icons.ts';
import type { MessageHandlers } from '../message-handlers.ts';
import { useRoomCast } from './room-cast.tsx';
import { listNames } from './room-title.ts';
import classes from './room-row.module.css';

type EventPart = Extract<MessagePart, { type: 'event' }>;

export function eventOf(message: Message): EventPart | undefined {
  return message.parts.find((part) => part.type === 'event');
}

/** What happened in the story, told in a line of its own. */
export function EventLine({
  message,
  event,
  handlers,
}: {
  message: Message;
  event: EventPart;
  handlers: MessageHandlers;
}) {
  const { t } = useTranslation('room');
  const { isHost } = useRoomCast();
  const text = useEventText(event);
  return (
    <div className={classes['event']} data-message={message.id} role="note">
      <em>{text}</em>
      {isHost && (
        <button type="button" aria-label={t('event.remove', { text })} onClick={() => handlers.remove(message.id)}>
          <IconTrash size={14} aria-hidden />
        </button>
      )}
    </div>
  );
}

const KEYS = {
  enter: 'enter',
  leave: 'leave',
  'door-close': 'doorClose',
  'door-open': 'doorOpen',
  'place-change': 'place',
  'time-change': 'time',
} as const satisfies Record<StoryEvent, string>;

function useEventText({ event, names, detail }: EventPart): string {
  const { t } = useTranslation('room');
  return t(`event.${KEYS[event]}`, { names: listNames(names), count: names.length, detail });
}
