import { useVirtualizer } from '@tanstack/react-virtual';
import { useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Selection } from '../../ui/use-selection.ts';
import classes from './conversation-list.module.css';
import { ConversationRow } from './conversation-row.tsx';
import { useRowKeys } from './use-row-keys.ts';

/** A row with the space below it, px, before it was measured. */
const ROW = 64;
/** Rows before the end of what was read at which more is asked for. */
const NEAR_END = 20;

export interface ConversationRowsProps {
  conversations: readonly Conversation[];
  selection: Selection;
  scroller: RefObject<HTMLDivElement | null>;
  hasMore: boolean;
  onNearEnd: () => void;
}

/**
 * The conversations, only those on screen in the document. Arrow keys, Home and End go from row to row, with Shift they
 * choose on the way, Space chooses one.
 */
export function ConversationRows({ conversations, selection, scroller, hasMore, onNearEnd }: ConversationRowsProps) {
  const { t } = useTranslation('list');
  const { conversationId: openId } = useParams({ strict: false });
  const list = useRef<HTMLUListElement>(null);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLLIElement>({
    count: conversations.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => conversations[index]?.id ?? index,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const rows = virtualizer.getVirtualItems();
  const lastShown = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= conversations.length - NEAR_END) onNearEnd();
  }, [hasMore, lastShown, conversations.length, onNearEnd]);
  const ids = useMemo(() => conversations.map(({ id }) => id), [conversations]);
  const onKeyDown = useRowKeys({ list, virtualizer, ids, selection });
  return (
    // Rows are reached by their links; the keys only go from one to the next.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <ul
      ref={list}
      className={classes['list']}
      style={{ height: virtualizer.getTotalSize() }}
      aria-label={t('title')}
      onKeyDown={onKeyDown}
    >
      {rows.map(({ key, index, start }) => {
        const conversation = conversations[index];
        return (
          conversation && (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              className={classes['place']}
              style={{ transform: `translateY(${start}px)` }}
              aria-posinset={index + 1}
              aria-setsize={hasMore ? -1 : conversations.length}
            >
              <ConversationRow conversation={conversation} selection={selection} isOpen={openId === conversation.id} />
            </li>
          )
        );
      })}
    </ul>
  );
}
