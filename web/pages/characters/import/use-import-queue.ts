import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CardImport } from '../../../../contract/cards.ts';
import { sendCard, type CardOrigin } from './send-card.ts';

/**
 * States of one file: `waiting` → `reading` → `imported`, `present` (here already; may go back to `waiting` to be kept
 * twice) or `failed`; `stopped` when the reader stops before its turn.
 */
export interface ImportItem {
  id: number;
  name: string;
  origin: CardOrigin;
  keepBoth: boolean;
  state: 'waiting' | 'reading' | 'imported' | 'present' | 'failed' | 'stopped';
  result: CardImport | null;
  error: unknown;
}

export interface ImportQueue {
  items: readonly ImportItem[];
  busy: boolean;
  add: (origins: readonly CardOrigin[]) => void;
  keepBoth: (id: number) => void;
  stop: () => void;
  clear: () => void;
}

/** Files one after another, so that a hundred of them do not stand in each other's way. */
export function useImportQueue(): ImportQueue {
  const queryClient = useQueryClient();
  const [items, setItems] = useState<readonly ImportItem[]>([]);
  const lastId = useRef(0);
  const controller = useRef<AbortController | null>(null);
  const next = items.find(({ state }) => state === 'waiting');
  const reading = items.some(({ state }) => state === 'reading');

  const change = useCallback((id: number, changes: Partial<ImportItem>) => {
    setItems((before) => before.map((item) => (item.id === id ? { ...item, ...changes } : item)));
  }, []);

  useEffect(() => {
    if (next === undefined || reading) return;
    controller.current = new AbortController();
    const { signal } = controller.current;
    change(next.id, { state: 'reading' });
    const read = async () => {
      try {
        const result = await sendCard(next.origin, { keepBoth: next.keepBoth, signal });
        change(next.id, { state: result.status, result, error: null });
        await queryClient.invalidateQueries({ queryKey: ['characters'] });
        await queryClient.invalidateQueries({ queryKey: ['library'] });
      } catch (error) {
        change(next.id, signal.aborted ? { state: 'stopped' } : { state: 'failed', error });
      }
    };
    void read();
  }, [next, reading, change, queryClient]);

  const add = useCallback((origins: readonly CardOrigin[]) => {
    const added = origins.map((origin): ImportItem => {
      lastId.current += 1;
      const name = origin.kind === 'file' ? origin.file.name : origin.url;
      return { id: lastId.current, name, origin, keepBoth: false, state: 'waiting', result: null, error: null };
    });
    setItems((before) => [...before, ...added]);
  }, []);

  const stop = useCallback(() => {
    controller.current?.abort();
    setItems((before) => before.map((item) => (item.state === 'waiting' ? { ...item, state: 'stopped' } : item)));
  }, []);

  return {
    items,
    busy: reading || next !== undefined,
    add,
    keepBoth: (id) => change(id, { keepBoth: true, state: 'waiting', error: null }),
    stop,
    clear: useCallback(() => setItems([]), []),
  };
}
