import type { Clock } from '../../base/clock.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { JobHandler } from '../../jobs/job-worker.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Pair, PairMemories } from '../pair-view.ts';
import { DATES_JOB, DATES_JOB_KEY, type DateMemory } from './date-memory.ts';
import { listOpenDates, nextDueTime, passDate, type DateRecord } from './date-store.ts';
import { nextYearly } from './yearly.ts';

/** Dates read from conversations are added by others: they are looked for this often. */
const LOOK_EVERY_IN_MS = 5 * 60 * 1000;
const PAGE = 200;

export interface DueDatesOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  events: EventWriter;
  memories: PairMemories;
  dates: DateMemory;
  timeZone: string;
}

/**
 * Tells once of every date that becomes due: the date moves on in the transaction of its event, and only from the state
 * and time it was read in. So a crash, a second look or a clock that was set back tell nothing twice. A date that does
 * not count now (its words are off the path) waits until it does.
 */
export function dueDatesJob({ storage, clock, events, memories, dates, timeZone }: DueDatesOptions): JobHandler {
  const tell = (date: DateRecord, now: number): Promise<boolean> =>
    storage.transaction(async (trx) => {
      const next =
        date.recurs === 'yearly'
          ? ({ state: 'open', dueAt: nextYearly(date.dueAt, { after: now, timeZone }) } as const)
          : ({ state: 'due' } as const);
      if (!(await passDate(trx, { date, next, now }))) return false;
      await events.append(trx, {
        type: 'memory-date-due',
        actorId: null,
        subjectId: date.characterId,
        payload: {
          dateId: date.id,
          ownerId: date.ownerId,
          conversationId: date.conversationId,
          factId: date.factId,
          dueAt: date.dueAt,
        },
      });
      return true;
    });

  return {
    name: DATES_JOB,
    run: async (_job, signal) => {
      const now = clock.now();
      const counting = new Map<string, Promise<ReadonlySet<string>>>();
      let after: { dueAt: number; id: string } | null = null;
      for (;;) {
        const page: DateRecord[] = await listOpenDates(storage.db, { until: now, after, limit: PAGE });
        for (const date of page) {
          signal.throwIfAborted();
          const key = `${date.ownerId} ${date.characterId}`;
          const known = counting.get(key) ?? countingIds({ memories, dates }, date);
          counting.set(key, known);
          if ((await known).has(date.id)) await tell(date, now);
          after = { dueAt: date.dueAt, id: date.id };
        }
        if (page.length < PAGE) break;
      }
      const next = await nextDueTime(storage.db, now);
      return { again: Math.min(next ?? Number.POSITIVE_INFINITY, now + LOOK_EVERY_IN_MS) };
    },
  };
}

/** The job asks for itself again and again; this is its first time. */
export async function beginLookingForDates(storage: Pick<Storage, 'transaction'>, queue: JobQueue): Promise<void> {
  await storage.transaction((trx) => queue.add(trx, { name: DATES_JOB, key: DATES_JOB_KEY, payload: {} }));
}

async function countingIds(
  { memories, dates }: Pick<DueDatesOptions, 'memories' | 'dates'>,
  { ownerId, characterId }: Pair,
): Promise<ReadonlySet<string>> {
  const pair = { ownerId, characterId };
  const seen = await dates.see({ pair, view: await memories.view(pair) });
  return new Set(seen.filter(({ counts }) => counts).map(({ date }) => date.id));
}
