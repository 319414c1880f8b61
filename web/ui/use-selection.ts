import { useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** True while choosing: a tap chooses instead of opening. */
  active: boolean;
  begin: () => void;
  end: () => void;
  /** With `range`, everything between the last one chosen and this one as well. */
  toggle: (id: string, options?: { range?: boolean }) => void;
  replace: (ids: readonly string[]) => void;
}

/** Which ones of a list are chosen for a change of many. `order` is the list as it is shown. */
export function useSelection(order: readonly string[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState(false);
  const [anchor, setAnchor] = useState<string | null>(null);

  function toggle(id: string, { range = false }: { range?: boolean } = {}): void {
    setActive(true);
    setAnchor(id);
    const next = new Set(ids);
    const from = anchor === null ? -1 : order.indexOf(anchor);
    const to = order.indexOf(id);
    if (range && from >= 0 && to >= 0) {
      for (const between of order.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(between);
    } else if (!next.delete(id)) {
      next.add(id);
    }
    setIds(next);
  }

  function end(): void {
    setActive(false);
    setIds(new Set());
    setAnchor(null);
  }

  return {
    ids,
    active,
    begin: () => setActive(true),
    end,
    toggle,
    replace: (chosen) => {
      setActive(true);
      setIds(new Set(chosen));
    },
  };
}
