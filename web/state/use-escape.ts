import { useEffect, useRef } from 'react';
import { listenForKeys } from './listen-for-keys.ts';

/** Escape ends what is under way on the page, unless a dialog or something nearer takes it. */
export function useEscape(end: () => void): void {
  const latest = useRef(end);
  useEffect(() => {
    latest.current = end;
  });
  useEffect(
    () =>
      listenForKeys(({ key }) => {
        if (key === 'Escape') latest.current();
      }),
    [],
  );
}
