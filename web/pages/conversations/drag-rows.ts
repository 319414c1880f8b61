import { useSyncExternalStore, type DragEvent } from 'react';

/** Conversations on their way into a folder, by mouse. */
const TYPE = 'application/x-everwith-conversations';

let dragged: readonly string[] = [];
const listeners = new Set<() => void>();

function set(ids: readonly string[]): void {
  dragged = ids;
  for (const listener of listeners) listener();
}

export function beginDrag(event: DragEvent, ids: readonly string[]): void {
  event.dataTransfer.setData(TYPE, JSON.stringify(ids));
  event.dataTransfer.effectAllowed = 'move';
  // What appears now must not move what is dragged before the browser took its picture.
  setTimeout(() => set(ids));
}

export function endDrag(): void {
  set([]);
}

/** What is being dragged; empty while nothing is. */
export function useDragged(): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => dragged,
  );
}
