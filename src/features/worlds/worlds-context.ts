import type { LorebookBody, LorebookSummary, LoreTarget } from '../../../contract/lore.ts';
import type { LorebookChange } from '../../../contract/lorebook-changes.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { Storage } from '../../storage/storage.ts';

/** What worlds need of lorebooks; the books feature satisfies it. */
export interface WorldBooks {
  list(actor: Actor, locale: Locale): Promise<LorebookSummary[]>;
  open(actor: Actor, id: string): Promise<{ record: { revision: number }; body: LorebookBody }>;
  create(actor: Actor, body: LorebookBody, locale: Locale): Promise<LorebookSummary>;
  link(actor: Actor, id: string, options: { target: LoreTarget; locale: Locale }): Promise<LorebookSummary>;
  change(
    actor: Actor,
    id: string,
    options: { changes: readonly LorebookChange[]; expectedRevision: number; locale: Locale },
  ): Promise<LorebookSummary>;
}

export interface WorldsContext {
  storage: Storage;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  queue: JobQueue;
  books: WorldBooks;
  localeOf(actor: Actor): Promise<Locale>;
}
