import { useState, type PointerEvent } from 'react';
import { useLongPress } from '../../ui/use-long-press.ts';

/** What a finger held on a message opens, and whether its words can be marked by finger instead. */
export interface MessagePress {
  menu: { opened: boolean; setOpened: (opened: boolean) => void };
  /** True while holding marks words, as anywhere else on a phone. */
  selectable: boolean;
  setSelectable: (selectable: boolean) => void;
  /** True once, for the click that ends a long press. */
  takeWasLong: () => boolean;
  /** Beside what else fingers do on a message. */
  over: (others: Fingers) => Fingers & Pick<ReturnType<typeof useLongPress>['handlers'], 'onContextMenu'>;
}

type Fingers = Record<
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel',
  (event: PointerEvent<HTMLElement>) => void
>;

/** A finger held still on a message opens its menu; links and controls keep their own. */
export function useMessagePress({ enabled, onMenu }: { enabled: boolean; onMenu: () => void }): MessagePress {
  const [opened, setOpened] = useState(false);
  const [selectable, setSelectable] = useState(false);
  const { handlers, takeWasLong } = useLongPress(() => {
    onMenu();
    setOpened(true);
  });
  const isOn = enabled && !selectable;
  return {
    menu: { opened, setOpened },
    selectable,
    setSelectable,
    takeWasLong,
    over: (others) => ({
      onPointerDown: (event) => {
        others.onPointerDown(event);
        const isControl =
          (event.target as Element).closest('a, button, input, textarea, audio, video, summary') !== null;
        if (isOn && !isControl) handlers.onPointerDown(event);
      },
      onPointerMove: (event) => {
        others.onPointerMove(event);
        handlers.onPointerMove(event);
      },
      onPointerUp: (event) => {
        others.onPointerUp(event);
        handlers.onPointerUp();
      },
      onPointerCancel: (event) => {
        others.onPointerCancel(event);
        handlers.onPointerCancel();
      },
      onContextMenu: (event) => {
        if (isOn) handlers.onContextMenu(event);
      },
    }),
  };
}

/** True on devices that are used by finger. */
export function isFingerDevice(): boolean {
  return matchMedia('(pointer: coarse)').matches;
}
