import type { MoveEvent, MoveStatus } from '../../../contract/moving.ts';

/** Tells any number of watchers how a move stands; a slow one misses steps, never the newest state. */
export class MoveFeed {
  readonly #watchers = new Set<(event: MoveEvent | null) => void>();
  #closed = false;

  publish(event: MoveEvent): void {
    for (const watcher of this.#watchers) watcher(event);
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers) watcher(null);
  }

  async *watch(read: () => MoveStatus, signal: AbortSignal): AsyncGenerator<MoveEvent> {
    let change: MoveEvent | undefined = { type: 'move-change', status: read() };
    let progress: MoveEvent | undefined;
    let ended = this.#closed || signal.aborted;
    let wake = Promise.withResolvers<void>();
    const watcher = (event: MoveEvent | null) => {
      if (event === null) ended = true;
      else if (event.type === 'move-change') {
        change = event;
        progress = undefined;
      } else progress = event;
      wake.resolve();
    };
    const onAbort = () => watcher(null);
    this.#watchers.add(watcher);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        const next = change ?? progress;
        if (change) change = undefined;
        else progress = undefined;
        if (next) yield next;
        else if (ended) return;
        else {
          await wake.promise;
          wake = Promise.withResolvers<void>();
        }
      }
    } finally {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', onAbort);
    }
  }
}
