import { useEffect, useRef } from 'react';
import type { PointerEvent } from 'react';

/** As long as phones take it (Android: 500 ms). */
const LONG_PRESS_IN_MS = 500;
/** A finger that moves further scrolls, CSS pixels. */
const SLACK = 10;

/** A finger held still calls; the click that follows is swallowed by the caller through `wasLong`. */
export function useLongPress(onLongPress: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const start = useRef({ x: 0, y: 0 });
  const wasLong = useRef(false);
  useEffect(() => () => clearTimeout(timer.current), []);
  const cancel = () => clearTimeout(timer.current);
  return {
    /** True once, for the click that ends a long press. */
    takeWasLong: () => {
      const was = wasLong.current;
      wasLong.current = false;
      return was;
    },
    handlers: {
      onPointerDown: (event: PointerEvent) => {
        wasLong.current = false;
        if (event.pointerType === 'mouse') return;
        start.current = { x: event.clientX, y: event.clientY };
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          wasLong.current = true;
          onLongPress();
        }, LONG_PRESS_IN_MS);
      },
      onPointerMove: (event: PointerEvent) => {
        const moved = Math.hypot(event.clientX - start.current.x, event.clientY - start.current.y);
        if (moved > SLACK) cancel();
      },
      onPointerUp: cancel,
      onPointerCancel: cancel,
      // A phone's own menu for links would open over the choice.
      onContextMenu: (event: { preventDefault: () => void; nativeEvent: Event }) => {
        if (event.nativeEvent instanceof window.PointerEvent && event.nativeEvent.pointerType !== 'mouse') {
          event.preventDefault();
        }
      },
    },
  };
}
