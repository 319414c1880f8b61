import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { LorebookCache } from '../../character/lorebook-cache.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { Storage } from '../../storage/storage.ts';

export interface BooksContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  lorebookCache: LorebookCache;
}
