import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { chineseCases } from './chinese-cases.ts';
import { englishCases } from './english-cases.ts';
import { resolveTimes, type ResolvedTime } from './resolve-times.ts';

const lisbon = { at: Date.parse('2023-06-14T12:00:00+01:00'), timeZone: 'Europe/Lisbon' };
const shanghai = { at: Date.parse('2023-06-14T12:00:00+08:00'), timeZone: 'Asia/Shanghai' };

/** A wall clock as `2023-06-14T12:00`. */
function wallClock(at: number, timeZone: string): string {
  const clock = new Date(at).toLocaleString('sv-SE', { timeZone });
  return clock.slice(0, 16).replace(' ', 'T');
}

/** As the tables write it. */
function written(time: ResolvedTime, timeZone: string): string {
  const from = wallClock(time.start, timeZone);
  const to = wallClock(time.end, timeZone);
  const doubt = time.certain ? '' : '~';
  if (!from.endsWith('T00:00') || !to.endsWith('T00:00')) return `${doubt}${from}..${to}`;
  const first = from.slice(0, 10);
  const last = new Date(Date.parse(`${to.slice(0, 10)}T00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  return doubt + (first === last ? first : `${first}..${last}`);
}

function told(said: string, context: { at: number; timeZone: string }): string[] {
  return resolveTimes(said, context).map((time) => `${time.words} = ${written(time, context.timeZone)}`);
}

describe('what English says of time', () => {
  it.each(englishCases.map((row) => ({ said: row[0], words: row[1], when: row[2] })))(
    '$said',
    ({ said, words, when }) => {
      expect(told(said, lisbon)).toEqual(words === undefined ? [] : [`${words} = ${when}`]);
    },
  );
});

describe('what Chinese says of time', () => {
  it.each(chineseCases.map((row) => ({ said: row[0], words: row[1], when: row[2] })))(
    '$said',
    ({ said, words, when }) => {
      expect(told(said, shanghai)).toEqual(words === undefined ? [] : [`${words} = ${when}`]);
    },
  );
});

const zones = [
  'UTC',
  'Europe/Lisbon',
  'Asia/Shanghai',
  'America/New_York',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Nowhere/At_All',
  '',
];
const pieces = [...englishCases, ...chineseCases].map(([said]) => said);
const fragments = fc.array(
  fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(...pieces).map((piece) => piece.slice(2)),
    fc.constantFrom(
      ...Array.from('年月日号周前后上下初一二十 0123/-.:至到'),
      'last ',
      'May ',
      ' of ',
      "'s ",
      '２',
      '週',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
  { maxLength: 12 },
);

describe('whatever the text, the zone and the moment', () => {
  const moment = fc.oneof(
    fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(2999, 11, 31) }),
    fc.constantFrom(Number.NaN, Infinity, -1e20, 8.64e15, 0),
  );

  it('never throws, keeps offsets, order and limits', () => {
    fc.assert(
      fc.property(fragments, moment, fc.constantFrom(...zones), (parts, at, timeZone) => {
        const text = parts.join('');
        const times = resolveTimes(text, { at, timeZone });
        let last = 0;
        for (const { start, end, words, index } of times) {
          expect(words.length).toBeGreaterThan(0);
          expect(text.slice(index, index + words.length)).toBe(words);
          expect(index).toBeGreaterThanOrEqual(last);
          expect(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start < end).toBe(true);
          last = index + words.length;
        }
      }),
      { numRuns: process.env['EVERWITH_FULL'] === '1' ? 50_000 : 1_000 },
    );
  });

  it('finds in a sentence what it finds in the words alone where they need no sentence', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        moment.filter((at) => at > 0 && at < 4e12),
        (days, at) => {
          const context = { at, timeZone: 'Asia/Shanghai' };
          const [english] = resolveTimes(`It began ${days} days ago.`, context);
          const [chinese] = resolveTimes(`${days}天前开始的`, context);
          expect(english?.start).toBe(chinese?.start);
          expect(english?.end).toBe(chinese?.end);
          expect(resolveTimes('昨天', context)[0]?.start).toBe(resolveTimes('yesterday', context)[0]?.start);
        },
      ),
    );
  });
});

describe('hostile input', () => {
  const unit = (repeated: string): string => repeated.repeat(Math.ceil(100_000 / repeated.length));
  it.each(
    [
      'last ',
      'May 7, ',
      '5/',
      '1',
      '1-',
      'from May ',
      'the ',
      'the week before ',
      'a a ',
      '上',
      '三',
      '年',
      '十二月',
      '5月3号到',
      '前',
      '周',
      '从',
      '两三',
      "new year's ",
      '2023-',
    ].map(unit),
  )('is read in time that grows with its length: %.12s…', async (text) => {
    const measured = async (length: number): Promise<number> =>
      await processorTimeInMs(() => resolveTimes(text.slice(0, length), lisbon));
    await measured(5_000);
    const best = Math.min(await measured(100_000), await measured(100_000), await measured(100_000));
    // Some 50 ms of CPU time on a quiet machine; the bound leaves room for a busy one, and quadratic time is seconds.
    expect(best).toBeLessThan(1_000);
  });

  it('does not look at what stands beyond the limit, nor for more times than a person would name', () => {
    expect(resolveTimes(`${'x'.repeat(32_768)} yesterday`, lisbon)).toEqual([]);
    expect(resolveTimes('yesterday, '.repeat(500), lisbon)).toHaveLength(200);
  });
});

describe('clocks and calendars', () => {
  const in_ = (timeZone: string, at: string, said: string): string[] => told(said, { at: Date.parse(at), timeZone });

  it('gives days of 23 and 25 hours where the clocks change', () => {
    const lengths = ['2023-03-27T12:00Z', '2023-10-30T12:00Z'].map((at) => {
      const [day] = resolveTimes('yesterday', { at: Date.parse(at), timeZone: 'Europe/Berlin' });
      return ((day?.end ?? 0) - (day?.start ?? 0)) / 3_600_000;
    });
    expect(lengths).toEqual([23, 25]);
  });

  it('moves a skipped hour on and takes the first of two', () => {
    const start = (at: string, said: string): string =>
      new Date(resolveTimes(said, { at: Date.parse(at), timeZone: 'America/New_York' })[0]?.start ?? 0).toISOString();
    expect(start('2023-03-12T18:00Z', 'today at 2:30 am')).toBe('2023-03-12T07:30:00.000Z');
    expect(start('2023-11-05T18:00Z', 'today at 1:30 am')).toBe('2023-11-05T05:30:00.000Z');
  });

  it('takes the day from the zone, not from the machine', () => {
    expect(in_('Pacific/Auckland', '2023-12-31T12:00Z', 'yesterday')).toEqual(['yesterday = 2023-12-31']);
    expect(in_('America/Los_Angeles', '2024-01-01T05:00Z', '昨天')).toEqual(['昨天 = 2023-12-30']);
  });

  it('knows leap days and the turn of the year', () => {
    expect(in_('UTC', '2024-03-01T12:00Z', 'yesterday')).toEqual(['yesterday = 2024-02-29']);
    expect(in_('UTC', '2024-01-02T12:00Z', 'last month')).toEqual(['last month = 2023-12-01..2023-12-31']);
    expect(in_('UTC', '2024-01-03T12:00Z', '上周日')).toEqual(['上周日 = 2023-12-31']);
    expect(in_('UTC', '2024-01-15T12:00Z', 'last winter')).toEqual(['last winter = 2022-12-01..2023-02-28']);
    expect(in_('UTC', '2024-12-31T12:00Z', '两个月前')).toEqual(['两个月前 = 2024-10-01..2024-10-31']);
    expect(in_('UTC', '2023-12-26T12:00Z', 'at Christmas we sang')).toEqual(['Christmas = 2023-12-25']);
  });

  it('takes a last feast for the last one, however near the next is', () => {
    expect(in_('UTC', '2023-12-20T12:00Z', 'last Christmas')).toEqual(['last Christmas = 2022-12-25']);
    expect(in_('UTC', '2023-12-20T12:00Z', 'the Christmas before last')).toEqual([
      'the Christmas before last = 2021-12-25',
    ]);
    expect(in_('UTC', '2023-12-20T12:00Z', '上个圣诞节')).toEqual(['上个圣诞节 = 2022-12-25']);
    // Bare, and so close ahead, it is the coming one.
    expect(in_('UTC', '2023-12-20T12:00Z', 'the tree was ordered for Christmas')).toEqual(['Christmas = ~2023-12-25']);
  });

  it('reads 5/7 as the place of the zone does', () => {
    expect(in_('America/New_York', '2023-06-14T12:00Z', '5/7')).toEqual(['5/7 = ~2023-05-07']);
    expect(in_('Europe/Paris', '2023-06-14T12:00Z', '5/7')).toEqual(['5/7 = ~2023-07-05']);
  });
});
