import { useRef } from 'react';
import type { PointerEvent } from 'react';
import type { Message } from '../../../../contract/messages.ts';
import type { MessageHandlers } from '../message-handlers.ts';

interface SwipeOptions {
  message: Message;
  enabled: boolean;
  handlers: MessageHandlers;
}

interface SwipeProps {
  onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLElement>) => void;
  onPointerCancel: (event: PointerEvent<HTMLElement>) => void;
}

/** Px across after which a finger means another version; a thumb's width. */
const FAR = 64;
/** Px that a message follows the finger at most. */
const FOLLOW = 96;

/**
 * A finger across a message: to the left the next version, to the right the one before; at the last version of a
 * character's message, another is written.
 */
export function useSwipe({ message, enabled, handlers }: SwipeOptions): SwipeProps {
  const from = useRef<{ x: number; y: number; id: number } | null>(null);
  const end = (element: HTMLElement) => {
    from.current = null;
    element.style.removeProperty('transform');
  };
  return {
    onPointerDown: (event) => {
      if (!enabled || event.pointerType !== 'touch' || !event.isPrimary) return;
      from.current = { x: event.clientX, y: event.clientY, id: event.pointerId };
    },
    onPointerMove: (event) => {
      const start = from.current;
      if (start === null || start.id !== event.pointerId) return;
      const across = event.clientX - start.x;
      if (Math.abs(across) < 12 || Math.abs(across) < 2 * Math.abs(event.clientY - start.y)) return;
      if (stepOf(message, across) === null) return;
      event.currentTarget.style.transform = `translateX(${Math.max(-FOLLOW, Math.min(FOLLOW, across / 2))}px)`;
    },
    onPointerUp: (event) => {
      const start = from.current;
      end(event.currentTarget);
      if (start === null || start.id !== event.pointerId) return;
      const across = event.clientX - start.x;
      const isAcross = Math.abs(across) >= FAR && Math.abs(across) >= 2 * Math.abs(event.clientY - start.y);
      if (isAcross) stepOf(message, across)?.(handlers);
    },
    onPointerCancel: (event) => end(event.currentTarget),
  };
}

/** What a swipe this far across does; null for nothing. */
function stepOf({ id, author, siblings }: Message, across: number): ((handlers: MessageHandlers) => void) | null {
  const sibling = siblings[siblings.indexOf(id) + (across < 0 ? 1 : -1)];
  if (sibling !== undefined) return (handlers) => handlers.choose(sibling);
  if (across < 0 && author.kind === 'character') return (handlers) => handlers.regenerate(id);
  return null;
}
