import { useRef, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react';
import type { Conversation } from '../../../contract/conversations.ts';
import { useLongPress } from '../../ui/use-long-press.ts';
import type { Selection } from '../../ui/use-selection.ts';
import { useMarking } from './use-marking.ts';
import { useSwipe } from './use-swipe.ts';

/** What a finger, a mouse and keys do on a row: a long press chooses, a swipe pins or archives, Shift chooses many. */
export function useRowGestures({ id, mark }: Conversation, selection: Selection) {
  const row = useRef<HTMLDivElement>(null);
  const change = useMarking();
  const { handlers: press, takeWasLong } = useLongPress(() => selection.toggle(id));
  const {
    handlers: draw,
    takeWasSwipe,
    offset,
  } = useSwipe(row, {
    isOff: selection.active,
    onLeft: () => void change([id], { type: 'archive', value: !mark.archived }),
    onRight: () => void change([id], { type: 'pin', value: !mark.pinned }),
  });
  return {
    row,
    /** How far the row is drawn aside, px. */
    offset,
    finger: {
      onContextMenu: press.onContextMenu,
      onPointerDown: (event: PointerEvent) => {
        press.onPointerDown(event);
        draw.onPointerDown(event);
      },
      onPointerMove: (event: PointerEvent) => {
        press.onPointerMove(event);
        draw.onPointerMove(event);
      },
      onPointerUp: () => {
        press.onPointerUp();
        draw.onPointerUp();
      },
      onPointerCancel: () => {
        press.onPointerCancel();
        draw.onPointerCancel();
      },
    },
    keys: {
      onClick: (event: MouseEvent) => {
        const isLong = takeWasLong();
        if (takeWasSwipe() || isLong) return event.preventDefault();
        if (!selection.active && !event.shiftKey && !event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        selection.toggle(id, { range: event.shiftKey });
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key !== ' ') return;
        event.preventDefault();
        selection.toggle(id, { range: event.shiftKey });
      },
    },
  };
}
