import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageReasoning, messageText } from '../../../client/message-text.ts';
import type { StreamingReply } from '../../../contract/conversations.ts';
import type { Message, MessagePart } from '../../../contract/messages.ts';
import { partsOfReply } from '../../../contract/reply-parts.ts';
import { IconEyeOff } from '../../ui/icons.ts';
import { CitedProse } from './files/cited-prose.tsx';
import { MessageCitations } from './files/message-citations.tsx';
import { MessageFiles } from './files/message-files.tsx';
import { MessageTranslation } from './translation/message-translation.tsx';
import { MessageActions } from './message-actions.tsx';
import { SelectBox } from './branches/select-box.tsx';
import { useSwipe } from './branches/use-swipe.ts';
import { useMessagePress } from './use-message-press.ts';
import type { MessageHandlers } from './message-handlers.ts';
import { MessageEditor } from './message-editor.tsx';
import classes from './message-row.module.css';
import { Prose } from './prose.tsx';
import { isOwn, rightsOver, useRoomCast } from './room/room-cast.tsx';
import { SpeakerLine } from './room/speaker-line.tsx';
import { ReplyProgress } from './reply-progress.tsx';
import { ReplyBody } from './tools/reply-body.tsx';
import { VoiceNote } from './voice/voice-note.tsx';
import { MessageStateNote } from './message-state-note.tsx';

export interface MessageRowProps {
  message: Message;
  streaming: StreamingReply | undefined;
  isLast: boolean;
  editing: boolean;
  receiptShown: boolean;
  /** True where a person's message stands under a name worth saying. */
  nameShown: boolean;
  /** Null while nothing is being selected. */
  selected: boolean | null;
  handlers: MessageHandlers;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, streaming, isLast, editing, selected, handlers } = props;
  const { t } = useTranslation('talk');
  const [open, setOpen] = useState(false);
  const cast = useRoomCast();
  const still = !editing && streaming === undefined && selected === null;
  const swipe = useSwipe({ message, enabled: still && cast.maySteer, handlers });
  const press = useMessagePress({ enabled: still, onMenu: () => setOpen(true) });
  const mine = isOwn(cast, message);
  if (message.deleted) return <DeletedMessage message={message} handlers={handlers} />;
  return (
    // The click only mirrors hovering for fingers; keyboards reach the actions by Tab.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <article
      className={classes['row']}
      data-mine={mine}
      data-last={isLast}
      data-open={open}
      data-hidden={message.hidden}
      data-message={message.id}
      data-manner={message.manner}
      data-selected={selected ?? undefined}
      aria-label={mine ? t('you') : message.author.name}
      aria-busy={streaming !== undefined}
      onClick={(event) => {
        if (press.takeWasLong() || isControl(event.target)) return;
        if (selected === null) setOpen(!open);
        else handlers.toggleSelected(message.id);
      }}
      data-selectable={press.selectable}
      {...press.over(swipe)}
    >
      {selected !== null && <SelectBox {...{ message, selected, handlers }} />}
      <SpeakerLine message={message} />
      {props.nameShown && <span className={classes['author']}>{message.author.name}</span>}
      {message.hidden && <HiddenNote />}
      {editing ? (
        <MessageEditor message={message} handlers={handlers} />
      ) : (
        <MessageBody message={message} streaming={streaming} mine={mine} />
      )}
      {!editing && streaming === undefined && (
        <>
          <VoiceNote message={message} />
          <MessageTranslation message={message} />
          <MessageStateNote message={message} isLast={isLast} handlers={handlers} />
          {selected === null && (
            <MessageActions {...{ message, isLast, handlers, press }} receiptShown={props.receiptShown} />
          )}
        </>
      )}
    </article>
  );
});

/** Controls answer their own clicks. */
function isControl(target: EventTarget): boolean {
  return (
    target instanceof Element &&
    target.closest('button, a, summary, textarea, select, input, label, [role="menu"]') !== null
  );
}

function MessageBody({
  message,
  streaming,
  mine,
}: {
  message: Message;
  streaming: StreamingReply | undefined;
  mine: boolean;
}) {
  const { t } = useTranslation('talk');
  const text = streaming?.text ?? messageText(message);
  const reasoning = streaming?.reasoning ?? messageReasoning(message);
  const parts = streaming?.tools.length ? partsOfReply(streaming) : message.parts;
  const isThinking = streaming !== undefined && (text === '' || streaming.progress !== null) && !isCalling(parts);
  return (
    <div className={mine ? classes['bubble'] : classes['speech']} data-part="words">
      <span className="visually-hidden">{t('says', { name: mine ? t('you') : message.author.name })}</span>
      {reasoning !== '' && (
        <details className={classes['reasoning']}>
          <summary>{t('reasoning')}</summary>
          <Prose text={reasoning} />
        </details>
      )}
      {parts.some(({ type }) => type === 'tool') ? (
        <ReplyBody parts={parts} conversationId={message.conversationId} streaming={streaming !== undefined} />
      ) : (
        (streaming === undefined || text !== '') && (
          <CitedProse message={message}>
            <Prose text={text} streaming={streaming !== undefined} />
          </CitedProse>
        )
      )}
      {isThinking && <ReplyProgress name={message.author.name} streaming={streaming} />}
      <MessageFiles message={message} />
      {streaming === undefined && <MessageCitations message={message} />}
      {message.parts.map((part, index) =>
        // A note's place in its message is its identity.
        part.type === 'note' ? (
          <p key={`${message.id}-${index}`} className={classes['note']}>
            {part.text}
          </p>
        ) : null,
      )}
    </div>
  );
}

/** A call that runs says so itself. */
function isCalling(parts: readonly MessagePart[]): boolean {
  return parts.some((part) => part.type === 'tool' && (part.state === 'asked' || part.state === 'running'));
}

/** People see it, the model does not. */
function HiddenNote() {
  const { t } = useTranslation('talk');
  return (
    <span className={classes['hiddenNote']}>
      <IconEyeOff size={14} aria-hidden /> {t('hidden')}
    </span>
  );
}

function DeletedMessage({ message, handlers }: { message: Message; handlers: MessageHandlers }) {
  const { t } = useTranslation('talk');
  const { remove } = rightsOver(useRoomCast(), message);
  return (
    <p className={classes['deleted']}>
      {t('deleted')}{' '}
      {remove && (
        <button type="button" className={classes['textButton']} onClick={() => handlers.restore(message.id)}>
          {t('actions.restore')}
        </button>
      )}
    </p>
  );
}
