import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { JobQueue } from '../../jobs/job-queue.ts';
import type { Storage } from '../../storage/storage.ts';
import type { CoveredView } from '../covered-view.ts';
import type { FactRecord } from '../facts/fact-record.ts';
import { languageOf } from '../facts/language-of.ts';
import type { Pair } from '../pair-view.ts';
import { resolveTimes } from '../time/resolve-times.ts';
import { DATES_JOB, DATES_JOB_KEY, type CountingFacts } from './date-memory.ts';
import { insertDate, listDates, updateDate, type DateRecord } from './date-store.ts';
import { nextYearly } from './yearly.ts';

/** What comes back every year. */
const YEARLY = /\b(?:birthday|born|anniversary|wedding day|got married|name day)\b|生日|出生|纪念日|结婚|忌日|周年/iu;
/** A day of somebody else's story, or one that is only asked for. */
const NOT_ONE = /[?？]["”’」』)）]*$/u;

/** A first meeting is a day to remember once it is over. */
const DAY = 24 * 60 * 60 * 1000;

const MEETING = { en: 'The day the two first talked', zh: '两人第一次说话的日子' } as const;

export interface YearlyDatesOptions {
  storage: Pick<Storage, 'db' | 'transaction'>;
  clock: Clock;
  newId: NewId;
  queue: JobQueue;
  facts: CountingFacts;
  timeZone: string;
}

/**
 * Keeps what comes back every year: days that counting facts name, and the day of the pair's first message. Each is made
 * once: a fact, or the meeting, that has a yearly date (or the mark of a removed one) gets no other.
 */
export async function noteYearlyDates(
  options: YearlyDatesOptions,
  { pair, view }: { pair: Pair; view: CoveredView },
): Promise<void> {
  const { storage, clock, newId, queue, facts } = options;
  const found = (await facts.countingFacts(pair, view)).flatMap((fact) => yearlyOf(fact, options) ?? []);
  const meeting = meetingOf(view, options);
  if (found.length === 0 && !meeting) return;
  await storage.transaction(async (trx) => {
    const there = await listDates(trx, pair);
    const isKnown = ({ factId }: YearlyDate): boolean =>
      there.some((date) =>
        factId === null
          ? date.factId === null && date.conversationId !== null
          : date.factId === factId && date.recurs === 'yearly',
      );
    const missing = [...found, ...(meeting ? [meeting] : [])].filter((date) => !isKnown(date));
    const now = clock.now();
    for (const date of missing) {
      // The day may stand there as one to come once; it is the same day.
      const once = there.find(
        ({ factId, dueAt, state }) =>
          factId !== null && factId === date.factId && dueAt === date.dueAt && state === 'open',
      );
      if (once) {
        await updateDate(trx, { id: once.id, change: { recurs: 'yearly', updatedAt: now } });
        continue;
      }
      const { ownerId, characterId } = pair;
      const record: DateRecord = {
        ...date,
        id: newId(),
        ownerId,
        characterId,
        precision: 'day',
        recurs: 'yearly',
        state: 'open',
        createdAt: now,
        updatedAt: now,
      };
      await insertDate(trx, record);
    }
    if (missing.length > 0) await queue.add(trx, { name: DATES_JOB, key: DATES_JOB_KEY, payload: {} });
  });
}

type YearlyDate = Pick<DateRecord, 'text' | 'dueAt' | 'factId' | 'conversationId'>;

function yearlyOf(fact: FactRecord, { clock, timeZone }: YearlyDatesOptions): YearlyDate | undefined {
  const words = fact.quote || fact.text;
  if (!YEARLY.test(words) || NOT_ONE.test(words) || fact.replacedById !== null || fact.about === 'promise')
    return undefined;
  const day = resolveTimes(words, { at: fact.saidAt, timeZone }).find(({ precision }) => precision === 'day');
  if (!day) return undefined;
  const dueAt = nextYearly(day.start, { after: clock.now(), timeZone });
  return { text: fact.text, dueAt, factId: fact.id, conversationId: fact.conversationId };
}

/** The first thing that a person said to the character; a greeting nobody answered is no meeting. */
function meetingOf(view: CoveredView, { clock, timeZone }: YearlyDatesOptions): YearlyDate | undefined {
  const firsts = view.conversationIds.flatMap((conversationId) => {
    const first = view
      .path(conversationId)
      .map((id) => view.turn(id))
      .find((turn) => turn?.byHuman === true);
    return first ? [{ conversationId, at: first.at, text: first.text }] : [];
  });
  const [meeting] = firsts.toSorted((left, right) => left.at - right.at);
  if (!meeting || clock.now() - meeting.at < DAY) return undefined;
  const dueAt = nextYearly(meeting.at, { after: clock.now(), timeZone });
  const text = languageOf(meeting.text) === 'zh' ? MEETING.zh : MEETING.en;
  return { text, dueAt, factId: null, conversationId: meeting.conversationId };
}
