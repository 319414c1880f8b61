import { useSyncExternalStore } from 'react';

/** Below this a page shows one column: the list or the conversation, not both. In step with the stylesheets. */
const NARROW = '(max-width: 899px)';

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}
