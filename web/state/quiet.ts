import { useSyncExternalStore } from 'react';

/** How much of the page is in the way of the words. `focus`: no rail, no panels; `reading`: only the words. */
export type Quiet = 'off' | 'focus' | 'reading';

const KEY = 'everwith.focus';

// Focus lasts for the tab; reading ends with the page.
let quiet: Quiet = sessionStorage.getItem(KEY) === 'on' ? 'focus' : 'off';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setQuiet(next: Quiet): void {
  quiet = next;
  if (next === 'focus') sessionStorage.setItem(KEY, 'on');
  else if (next === 'off') sessionStorage.removeItem(KEY);
  for (const listener of listeners) listener();
}

/** What reading came from: focus stays when reading ends. */
export function endReading(): void {
  setQuiet(sessionStorage.getItem(KEY) === 'on' ? 'focus' : 'off');
}

export function useQuiet(): Quiet {
  return useSyncExternalStore(subscribe, () => quiet);
}
