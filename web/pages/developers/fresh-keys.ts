import { useSyncExternalStore } from 'react';

/** Texts of keys made or rotated since the page was loaded, by id: in this window's memory alone. */
let fresh: Readonly<Record<string, string>> = {};
const listeners = new Set<() => void>();

export function keepFreshKey(id: string, key: string): void {
  fresh = { ...fresh, [id]: key };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useFreshKeys(): Readonly<Record<string, string>> {
  return useSyncExternalStore(subscribe, () => fresh);
}
