import { useCallback, useState } from 'react';

export interface Selection {
  /** Null while nothing is being selected. */
  ids: ReadonlySet<string> | null;
  toggle: (messageId: string) => void;
  set: (ids: Iterable<string>) => void;
  end: () => void;
}

/** Messages that are chosen to be changed together. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string> | null>(null);
  const toggle = useCallback((messageId: string) => {
    setIds((before) => {
      const next = new Set(before);
      if (!next.delete(messageId)) next.add(messageId);
      return next;
    });
  }, []);
  return { ids, toggle, set: (chosen) => setIds(new Set(chosen)), end: () => setIds(null) };
}
