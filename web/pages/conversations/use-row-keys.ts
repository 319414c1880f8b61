import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react';
import type { Selection } from '../../ui/use-selection.ts';

interface RowKeysOptions {
  list: RefObject<HTMLUListElement | null>;
  virtualizer: Pick<Virtualizer<HTMLDivElement, HTMLLIElement>, 'scrollToIndex'>;
  ids: readonly string[];
  selection: Selection;
}

/** Arrow keys, Home and End go from row to row, also to rows that are not in the document yet; Shift chooses on the way. */
export function useRowKeys({ list, virtualizer, ids, selection }: RowKeysOptions) {
  const sought = useRef<number | null>(null);
  const focusSought = () => {
    if (sought.current === null) return;
    const link = list.current?.querySelector<HTMLElement>(`[data-index="${sought.current}"] a`);
    if (!link) return;
    sought.current = null;
    link.focus({ preventScroll: true });
  };
  useEffect(focusSought);
  return (event: KeyboardEvent<HTMLUListElement>): void => {
    if (!(event.target instanceof HTMLAnchorElement)) return;
    const at = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset['index']);
    const last = ids.length - 1;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key];
    if (to === undefined || Number.isNaN(at)) return;
    event.preventDefault();
    const next = Math.min(last, Math.max(0, to));
    const [here, there] = [ids[at], ids[next]];
    if (event.shiftKey && here !== undefined && there !== undefined && here !== there) {
      selection.replace([...selection.ids, here, there]);
    }
    sought.current = next;
    virtualizer.scrollToIndex(next);
    // Where it is on screen already nothing is drawn anew.
    focusSought();
  };
}
