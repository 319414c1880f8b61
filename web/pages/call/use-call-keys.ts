import { useEffect, useRef } from 'react';

export interface CallKeys {
  /** Single letters are shortcuts only where the person wants such. */
  letters: boolean;
  onSpaceDown: () => void;
  onSpaceUp: () => void;
  onEscape: () => void;
  onMute: () => void;
  onCaptions: () => void;
}

/** Space interrupts or holds to talk, Escape asks before ending, M mutes, C shows captions. Not while a field or dialog has the keys. */
export function useCallKeys(keys: CallKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    // Before a dialog hears Escape and is gone: the same press must not open the next one.
    addEventListener('keydown', (event) => onKeyDown(event, latest.current), { signal, capture: true });
    addEventListener(
      'keyup',
      ({ code }) => {
        if (code === 'Space') latest.current.onSpaceUp();
      },
      { signal },
    );
    // The button was let go where nobody saw it.
    addEventListener('blur', () => latest.current.onSpaceUp(), { signal });
    return () => life.abort();
  }, []);
}

function onKeyDown(event: KeyboardEvent, keys: CallKeys): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector('[role=dialog]') !== null) return;
  const target = event.target instanceof Element ? event.target : null;
  const isField = (target?.closest('input, textarea, select') ?? null) !== null;
  if (event.key === 'Escape') {
    event.preventDefault();
    keys.onEscape();
    return;
  }
  if (isField) return;
  if (event.code === 'Space') {
    // On a button Space presses the button, except on the stage, whose press is the same thing.
    if ((target?.closest('button:not([data-stage]), a') ?? null) !== null) return;
    event.preventDefault();
    if (!event.repeat) keys.onSpaceDown();
    return;
  }
  if (event.repeat || !keys.letters) return;
  if (event.code === 'KeyM') keys.onMute();
  if (event.code === 'KeyC') keys.onCaptions();
}
