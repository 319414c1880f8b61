import { useEffect, useRef } from 'react';
import { api } from '../../../state/api.ts';

/** Said again while somebody goes on typing; the server forgets it after six seconds (ms). */
const AGAIN_AFTER = 3_000;

/** Tells the others of a room that the reader types; says it now and then, and once when it is over. */
export function useTyping(conversationId: string, enabled: boolean): (typing: boolean) => void {
  const toldAt = useRef(0);
  const tell = (typing: boolean) =>
    // The message itself says more; nobody misses this one.
    api.call('tellTyping', { params: { id: conversationId }, body: { typing } }).catch(() => undefined);
  useEffect(
    () => () => {
      if (toldAt.current > 0) void tell(false);
    },
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the page goes
    [],
  );
  return (typing) => {
    if (!enabled) return;
    const now = Date.now();
    if (typing ? now - toldAt.current < AGAIN_AFTER : toldAt.current === 0) return;
    toldAt.current = typing ? now : 0;
    void tell(typing);
  };
}
