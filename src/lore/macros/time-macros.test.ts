import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTime } from './format-time.ts';
import { FIXTURE_NOW as NOW, render } from './macro-fixtures.ts';
import { zonedTime } from './zoned-time.ts';

test.each([
  ['{{time}}', '1:05 PM', '13:05'],
  ['{{date}}', 'November 25, 2026', '2026年11月25日'],
  ['{{weekday}}', 'Wednesday', '星期三'],
  ['{{isotime}}', '13:05', '13:05'],
  ['{{isodate}}', '2026-11-25', '2026-11-25'],
])('%s', (text, english, chinese) => {
  expect(render(text)).toBe(english);
  expect(render(text, { locale: 'zh-CN' })).toBe(chinese);
});

test('{{time}} may be asked for another zone', () => {
  expect(render('{{time::UTC+2}}|{{time_UTC-5}}|{{time UTC+5:30}}')).toBe('3:05 PM|8:05 AM|6:35 PM');
});

test('the time is that of the reader’s zone', () => {
  expect(render('{{time}} {{isodate}}', { timeZone: 'Asia/Shanghai', now: Date.UTC(2026, 0, 1, 20) })).toBe(
    '4:00 AM 2026-01-02',
  );
  expect(render('{{datetimeformat Z}}', { timeZone: 'Asia/Kolkata' })).toBe('+05:30');
  expect(render('{{isotime}}', { timeZone: 'No/Where' })).toBe('13:05');
});

test.each([
  ['YYYY-MM-DD HH:mm:ss', '2026-11-25 13:05:09'],
  ['YY M D H h m s', '26 11 25 13 1 5 9'],
  ['hh A hh a', '01 PM 01 pm'],
  ['dddd ddd dd d E', 'Wednesday Wed We 3 3'],
  ['MMMM MMM Do Mo Qo', 'November Nov 25th 11th 4th'],
  ['DDD DDDD DDDo', '329 329 329th'],
  ['[Today is] YYYY', 'Today is 2026'],
  ['SSS SS S X x', '042 04 0 1795611909 1795611909042'],
  ['Z ZZ', '+00:00 +0000'],
  ['W GGGG w gggg', '48 2026 48 2026'],
  ['LT LTS L LL', '1:05 PM 1:05:09 PM 11/25/2026 November 25, 2026'],
  ['LLLL', 'Wednesday, November 25, 2026 1:05 PM'],
])('{{datetimeformat %s}} has Moment’s tokens', (pattern, said) => {
  expect(render(`{{datetimeformat ${pattern}}}`)).toBe(said);
  expect(render(`{{datetimeformat::${pattern}}}`)).toBe(said);
});

test('ISO weeks belong to the year of their Thursday', () => {
  const iso = (text: string) => formatTime(zonedTime(Date.parse(text), 'UTC'), 'GGGG-[W]WW-E');
  expect(iso('2021-01-03')).toBe('2020-W53-7');
  expect(iso('2019-12-30')).toBe('2020-W01-1');
  expect(iso('2024-12-31')).toBe('2025-W01-2');
  const local = (text: string) => formatTime(zonedTime(Date.parse(text), 'UTC'), 'gggg-ww');
  expect(local('2026-01-01')).toBe('2026-01');
  expect(local('2025-12-28')).toBe('2026-01');
  expect(local('2025-12-27')).toBe('2025-52');
});

test('any time can be written in any pattern', () => {
  fc.assert(
    fc.property(fc.double(), fc.string(), fc.constantFrom('UTC', 'America/New_York', 'x'), (now, pattern, timeZone) => {
      expect(typeof formatTime(zonedTime(now, timeZone), pattern)).toBe('string');
    }),
  );
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }), (date) => {
      const text = formatTime(zonedTime(date.getTime(), 'America/New_York'), 'YYYY-MM-DDTHH:mm:ss.SSSZ');
      expect(Date.parse(text)).toBe(date.getTime());
    }),
  );
});

const MINUTE = 60_000;
test.each([
  [10_000, 'a few seconds', '几秒'],
  [MINUTE, 'a minute', '1 分钟'],
  [20 * MINUTE, '20 minutes', '20 分钟'],
  [60 * MINUTE, 'an hour', '1 小时'],
  [5 * 60 * MINUTE, '5 hours', '5 小时'],
  [24 * 60 * MINUTE, 'a day', '1 天'],
  [10 * 24 * 60 * MINUTE, '10 days', '10 天'],
  [60 * 24 * 60 * MINUTE, '2 months', '2 个月'],
  [800 * 24 * 60 * MINUTE, '2 years', '2 年'],
])('{{idleDuration}} after %i ms', (length, english, chinese) => {
  const chat = { lastUserMessageAt: NOW - length };
  expect(render('{{idleDuration}}|{{idle_duration}}', { chat })).toBe(`${english}|${english}`);
  expect(render('{{idleDuration}}', { chat, locale: 'zh-CN' })).toBe(chinese);
});

test('{{idleDuration}} before anybody spoke', () => expect(render('{{idleDuration}}')).toBe('just now'));

test('{{timeDiff::left::right}} says how far apart two times are', () => {
  expect(render('{{timeDiff::2026-01-03::2026-01-01}}')).toBe('in 2 days');
  expect(render('{{timeDiff::2026-01-01 10:00::2026-01-01 13:00}}')).toBe('3 hours ago');
  expect(render('{{timeDiff::x::2026-01-01}}')).toBe('');
  expect(render('{{timeDiff::2026-01-03::2026-01-01}}', { locale: 'zh-CN' })).toBe('2 天后');
});
