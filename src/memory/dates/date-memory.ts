import {
  newMemoryDateSchema,
  type ChangeMemoryDate,
  type MemoryDate,
  type NewMemoryDate,
} from '../../../contract/memory.ts';
import type { Clock } from '../../base/clock.ts';
import { NotFoundError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { Storage, Trx } from '../../storage/storage.ts';
import type { FactRecord } from '../facts/fact-record.ts';
import type { Pair, PairView } from '../pair-view.ts';
import type { RecalledDate } from '../turn-memory.ts';
import { deleteDate, insertDate, listDates, readDate, updateDate, type DateRecord } from './date-store.ts';
import { nearestYearly } from './yearly.ts';

export const DATES_JOB = 'memory-dates';
/** There is one such job, for all. */
export const DATES_JOB_KEY = 'due';

const DAY = 24 * 60 * 60 * 1000;
/** What is so near is told in a prompt, by how exactly the day is known, in milliseconds. */
const AHEAD: Record<MemoryDate['precision'], number> = {
  minute: 7 * DAY,
  hour: 7 * DAY,
  day: 7 * DAY,
  week: 10 * DAY,
  month: 31 * DAY,
  year: 31 * DAY,
};
/** How long a time lasts that is known no more exactly. */
const LASTS: Record<MemoryDate['precision'], number> = {
  minute: 0,
  hour: 60 * 60 * 1000,
  day: DAY,
  week: 7 * DAY,
  month: 31 * DAY,
  year: 366 * DAY,
};
/** What was missed is still told for so long. */
const BEHIND = 3 * DAY;
/** Dates told in one prompt. */
const MOST_NEAR = 6;

/** The facts that count in a view. */
export interface CountingFacts {
  countingFacts(pair: Pair, view: PairView): Promise<FactRecord[]>;
}

export interface DateMemoryOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  newId: NewId;
  facts: CountingFacts;
  queue: JobQueue;
  /** IANA name of where the person lives. */
  timeZone: string;
}

/** Joins the transaction of a change, for what else has to happen with it. */
type Join = (trx: Trx) => Promise<void>;

interface OwnDate {
  ownerId: string;
  id: string;
  join?: Join;
}

/**
 * Promises, appointments and anniversaries of a person and a character. A date is *open*, then *due* (its event was
 * told; a yearly one is open again for the next year), or *kept* or *dropped* by the person. What comes from a fact
 * counts where that fact does, what the person wrote always.
 */
export class DateMemory {
  readonly #options: DateMemoryOptions;

  constructor(options: DateMemoryOptions) {
    this.#options = options;
  }

  /** Every date, the next due first, and whether it counts in the view. */
  async list({ pair, view }: { pair: Pair; view: PairView }): Promise<MemoryDate[]> {
    const seen = await this.see({ pair, view });
    return seen.map(({ date, counts }) => toMemoryDate(date, counts));
  }

  /** What is due in the next days or was just missed, the nearest first. */
  async near({ pair, view, now }: { pair: Pair; view: PairView; now: number }): Promise<RecalledDate[]> {
    const { timeZone } = this.#options;
    return (await this.see({ pair, view }))
      .filter(({ date, counts }) => counts && (date.state === 'open' || date.state === 'due'))
      .map(({ date, fact }) => ({
        date,
        fact,
        dueAt: date.recurs === 'yearly' ? nearestYearly(date.dueAt, { now, timeZone }) : date.dueAt,
      }))
      .filter(
        ({ date, dueAt }) => dueAt - now <= AHEAD[date.precision] && now - dueAt <= LASTS[date.precision] + BEHIND,
      )
      .toSorted((left, right) => Math.abs(left.dueAt - now) - Math.abs(right.dueAt - now))
      .slice(0, MOST_NEAR)
      .map(({ date, fact, dueAt }) => ({
        id: date.id,
        text: date.text,
        dueAt,
        precision: date.precision,
        conversationId: date.conversationId,
        sources: (fact?.sources ?? []).map(({ conversationId, messageId }) => ({ conversationId, messageId })),
      }));
  }

  /** Throws `NotFoundError` (`date-missing`). */
  async read({ ownerId, id }: OwnDate): Promise<DateRecord> {
    const date = await readDate(this.#options.storage.db, { id, ownerId });
    if (!date || isRemoved(date)) throw new NotFoundError('There is no such date.', { code: 'date-missing' });
    return date;
  }

  /** Keeps what the person wrote. */
  async add(pair: Pair, input: NewMemoryDate, join?: Join): Promise<MemoryDate> {
    const { newId, clock } = this.#options;
    const now = clock.now();
    const date: DateRecord = {
      ...newMemoryDateSchema.parse(input),
      id: newId(),
      ownerId: pair.ownerId,
      characterId: pair.characterId,
      conversationId: null,
      factId: null,
      state: 'open',
      createdAt: now,
      updatedAt: now,
    };
    await this.#change(async (trx) => {
      await insertDate(trx, date);
      await join?.(trx);
    });
    return toMemoryDate(date, true);
  }

  /** A new time opens a date again that was due. Returns it as it stands now. */
  async change({ change, ...own }: OwnDate & { change: ChangeMemoryDate }): Promise<DateRecord> {
    const before = await this.read(own);
    const moved = change.dueAt !== undefined && change.dueAt !== before.dueAt;
    const state = change.state ?? (moved && before.state === 'due' ? 'open' : undefined);
    await this.#change(async (trx) => {
      await updateDate(trx, { id: own.id, change: { ...change, state, updatedAt: this.#options.clock.now() } });
      await own.join?.(trx);
    });
    return this.read(own);
  }

  /** Removes its words for good. Of a date that was read in the conversation an empty mark stays, so that it is not made again. */
  async remove(own: OwnDate): Promise<void> {
    const date = await this.read(own);
    await this.#change(async (trx) => {
      if (isOwn(date)) await deleteDate(trx, date.id);
      else
        await updateDate(trx, {
          id: date.id,
          change: { text: '', state: 'dropped', updatedAt: this.#options.clock.now() },
        });
      await own.join?.(trx);
    });
  }

  /** Dates with the facts they come from; the same day told twice is one. */
  async see({
    pair,
    view,
  }: {
    pair: Pair;
    view: PairView;
  }): Promise<{ date: DateRecord; fact: FactRecord | null; counts: boolean }[]> {
    const dates = (await listDates(this.#options.storage.db, pair)).filter((date) => !isRemoved(date));
    if (dates.length === 0) return [];
    const facts = dates.some(({ factId }) => factId !== null)
      ? await this.#options.facts.countingFacts(pair, view)
      : [];
    const counting = new Map(facts.map((fact) => [fact.id, fact]));
    const seen = new Set<string>();
    return dates.map((date) => {
      const fact = date.factId === null ? null : (counting.get(date.factId) ?? null);
      const isWritten = isOwn(date) && view.alone !== true;
      const stands = date.factId === null ? isWritten || hasPath(view, date) : fact?.replacedById === null;
      const key = `${date.recurs} ${date.dueAt} ${date.text}`;
      const counts = stands && !seen.has(key);
      if (counts) seen.add(key);
      return { date, fact, counts };
    });
  }

  async #change(work: (trx: Trx) => Promise<void>): Promise<void> {
    await this.#options.storage.transaction(async (trx) => {
      await work(trx);
      await this.#options.queue.add(trx, { name: DATES_JOB, key: DATES_JOB_KEY, payload: {} });
    });
  }
}

/** The person wrote it. */
function isOwn({ factId, conversationId }: DateRecord): boolean {
  return factId === null && conversationId === null;
}

function isRemoved({ text }: DateRecord): boolean {
  return text === '';
}

/** A day that a conversation itself makes counts as long as something was said in it. */
function hasPath(view: PairView, { conversationId }: DateRecord): boolean {
  return conversationId !== null && view.path(conversationId).length > 0;
}

function toMemoryDate(date: DateRecord, counts: boolean): MemoryDate {
  const { id, text, dueAt, precision, recurs, state, conversationId, factId } = date;
  return { id, text, dueAt, precision, recurs, state, conversationId, factId, counts };
}
