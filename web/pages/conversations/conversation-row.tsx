import { Link } from '@tanstack/react-router';
import type { CSSProperties, DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import { useDraft } from '../../state/drafts.ts';
import { formatRecent } from '../../state/format.ts';
import { IconArchive, IconArchiveOff, IconBellOff, IconPin, IconPinFilled } from '../../ui/icons.ts';
import { Scene } from '../../ui/scene.tsx';
import type { Selection } from '../../ui/use-selection.ts';
import { titleOf } from '../conversation/room/room-title.ts';
import classes from './conversation-row.module.css';
import { beginDrag, endDrag } from './drag-rows.ts';
import { RowMenu } from './row-menu.tsx';
import { useRowGestures } from './use-row-gestures.ts';

export interface ConversationRowProps {
  conversation: Conversation;
  selection: Selection;
  /** It is open beside the list: what comes is read at once. */
  isOpen: boolean;
}

/** A conversation in the list: opens, or is chosen while one chooses; drawn aside by a finger, or into a folder. */
export function ConversationRow({ conversation, selection, isOpen }: ConversationRowProps) {
  const { t } = useTranslation('list');
  const { id } = conversation;
  const isChosen = selection.ids.has(id);
  const { row, offset, finger, keys } = useRowGestures(conversation, selection);
  const style: CSSProperties = offset === 0 ? {} : { transform: `translateX(${offset}px)` };
  return (
    <div className={classes['row']} data-chosen={isChosen} data-choosing={selection.active}>
      {offset !== 0 && <SwipeHint conversation={conversation} offset={offset} />}
      <div ref={row} className={classes['drawn']} style={style} {...finger}>
        <Link
          to="/c/$conversationId"
          params={{ conversationId: id }}
          className={classes['link']}
          activeProps={{ 'aria-current': 'page' }}
          draggable
          {...keys}
          onDragStart={(event: DragEvent) => beginDrag(event, isChosen ? [...selection.ids] : [id])}
          onDragEnd={endDrag}
        >
          <RowFace conversation={conversation} isOpen={isOpen} />
        </Link>
      </div>
      <label className={classes['choose']}>
        <input
          type="checkbox"
          checked={isChosen}
          aria-label={t('choose.one', { title: titleOf(conversation) })}
          onChange={() => undefined}
          onClick={(event) => selection.toggle(id, { range: event.shiftKey })}
        />
      </label>
      <RowMenu conversation={conversation} selection={selection} />
    </div>
  );
}

function RowFace({ conversation, isOpen }: Pick<ConversationRowProps, 'conversation' | 'isOpen'>) {
  const { t } = useTranslation('list');
  const { character, mark, updatedAt } = conversation;
  const draft = useDraft(conversation.id).trim().slice(0, 120);
  const time = formatRecent(updatedAt, Date.now()) ?? t('now');
  const isNew = mark.unread && !isOpen;
  return (
    <>
      <span className={classes['face']}>
        <Scene pictureUrl={character.pictureUrl} alt="" seed={character.id} />
      </span>
      <span className={classes['words']} data-new={isNew}>
        <b>
          {mark.pinned && <IconPin size={14} aria-label={t('keep.pinned')} />}
          {mark.muted && <IconBellOff size={14} aria-label={t('keep.muted')} />}
          {titleOf(conversation)}
        </b>
        <span>
          {conversation.replying ? t('replying') : draft === '' ? conversation.preview : t('draft', { text: draft })}
        </span>
      </span>
      <span className={classes['when']}>
        <time dateTime={new Date(updatedAt).toISOString()}>{time}</time>
        {isNew && <span className={classes['new']} role="img" aria-label={t('unread')} />}
      </span>
    </>
  );
}

/** What lifting the finger now would do. */
function SwipeHint({ conversation: { mark }, offset }: { conversation: Conversation; offset: number }) {
  const { t } = useTranslation('list');
  const [Icon, label] =
    offset > 0
      ? [mark.pinned ? IconPin : IconPinFilled, mark.pinned ? t('keep.unpin') : t('keep.pin')]
      : [mark.archived ? IconArchiveOff : IconArchive, mark.archived ? t('keep.unarchive') : t('keep.archive')];
  return (
    <span className={classes['hint']} data-side={offset > 0 ? 'start' : 'end'} aria-hidden>
      <Icon size={20} /> {label}
    </span>
  );
}
