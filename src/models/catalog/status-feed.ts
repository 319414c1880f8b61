import type { ModelStatus } from './model-status.ts';

/** Hands changes of state to any number of watchers; each keeps at most the newest state of each model. */
export interface StatusFeed {
  publish(status: ModelStatus): void;
  watch(signal: AbortSignal): AsyncIterable<ModelStatus>;
  close(): void;
}

export function createStatusFeed(): StatusFeed {
  const watchers = new Set<(status: ModelStatus | null) => void>();
  let closed = false;
  return {
    publish: (status) => {
      for (const watcher of watchers) watcher(status);
    },
    close: () => {
      closed = true;
      for (const watcher of watchers) watcher(null);
    },
    watch: (signal) => ({
      async *[Symbol.asyncIterator]() {
        const waiting = new Map<string, ModelStatus>();
        let ended = closed || signal.aborted;
        let wake = Promise.withResolvers<void>();
        const watcher = (status: ModelStatus | null) => {
          if (status) waiting.set(status.id, status);
          else ended = true;
          wake.resolve();
        };
        const onAbort = () => watcher(null);
        watchers.add(watcher);
        signal.addEventListener('abort', onAbort, { once: true });
        try {
          for (;;) {
            for (const [id, status] of waiting) {
              waiting.delete(id);
              yield status;
            }
            if (ended) return;
            if (waiting.size > 0) continue;
            await wake.promise;
            wake = Promise.withResolvers<void>();
          }
        } finally {
          watchers.delete(watcher);
          signal.removeEventListener('abort', onAbort);
        }
      },
    }),
  };
}
