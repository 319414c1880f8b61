import { useRef, useState, type PointerEvent, type RefObject } from 'react';

/** A finger that moved so far sideways swipes; before that the list may still scroll. CSS pixels. */
const BEGIN = 12;
/** What a swipe does, it does from here on when the finger is lifted. */
const FAR = 88;
/** Where phones begin their own gesture of going back. */
const EDGE = 24;

export interface Swipe {
  /** How far the row stands aside; below zero to the left. */
  offset: number;
  handlers: {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: () => void;
    onPointerCancel: () => void;
  };
  /** True once, for the click that ends a swipe. */
  takeWasSwipe: () => boolean;
}

/**
 * A finger that draws a row aside. *Idle* → *pressed* → *swiping* once it went further sideways than up or down → idle,
 * having done something where it went far. The mouse does not swipe.
 */
export function useSwipe(
  row: RefObject<HTMLElement | null>,
  { onLeft, onRight, isOff }: { onLeft: () => void; onRight: () => void; isOff: boolean },
): Swipe {
  const [offset, setOffset] = useState(0);
  const start = useRef<{ x: number; y: number; pointerId: number } | null>(null);
  const swiping = useRef(false);
  const wasSwipe = useRef(false);
  const end = (isDone: boolean) => {
    const by = offset;
    start.current = null;
    if (!swiping.current) return;
    swiping.current = false;
    wasSwipe.current = true;
    setOffset(0);
    if (!isDone || Math.abs(by) < FAR) return;
    if (by < 0) onLeft();
    else onRight();
  };
  return {
    offset,
    takeWasSwipe: () => {
      const was = wasSwipe.current;
      wasSwipe.current = false;
      return was;
    },
    handlers: {
      onPointerDown: ({ pointerType, pointerId, clientX: x, clientY: y }) => {
        wasSwipe.current = false;
        const isAtEdge = x < EDGE || x > innerWidth - EDGE;
        start.current = isOff || pointerType === 'mouse' || isAtEdge ? null : { x, y, pointerId };
      },
      onPointerMove: ({ clientX, clientY }) => {
        const from = start.current;
        if (from === null) return;
        const across = clientX - from.x;
        if (!swiping.current) {
          if (Math.abs(clientY - from.y) > BEGIN) start.current = null;
          if (Math.abs(across) < BEGIN || Math.abs(across) < Math.abs(clientY - from.y) * 2) return;
          swiping.current = true;
          row.current?.setPointerCapture(from.pointerId);
        }
        setOffset(across);
      },
      onPointerUp: () => end(true),
      onPointerCancel: () => end(false),
    },
  };
}
