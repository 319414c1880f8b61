import { expect, test } from 'vitest';
import type { UsageReport } from '../../../../contract/platform-books.ts';
import { chartOf, groupRows, usageCsv } from './usage-view.ts';

const usage = {
  inputTokens: 10,
  cachedInputTokens: 0,
  outputTokens: 5,
  characters: 0,
  audioInMs: 0,
  images: 0,
  videoInMs: 0,
};
const row = (at: number, key: string | null, cost: number): UsageReport['rows'][number] => ({
  at,
  key,
  label: key === null ? null : `the ${key}`,
  calls: 1,
  failed: 0,
  usage,
  cost,
});
const rows = [row(1, 'a', 10), row(1, 'b', 30), row(2, 'a', 5), row(2, null, 1)];

test('rows of one name are one, the largest first', () => {
  expect(groupRows(rows, 'cost').map(({ name, cost, calls }) => [name, cost, calls])).toEqual([
    ['the b', 30, 1],
    ['the a', 15, 2],
    [null, 1, 1],
  ]);
});

test('each span is a point with all series; many small ones stand together', () => {
  const { series, points } = chartOf(rows, 'cost', (name) => name ?? 'none');
  expect(series).toEqual(['the b', 'the a', 'none']);
  expect(points).toEqual([
    { at: 1, values: { 'the a': 10, 'the b': 30, none: 0 } },
    { at: 2, values: { 'the a': 5, 'the b': 0, none: 1 } },
  ]);
  const many = Array.from({ length: 9 }, (_, index) => row(1, `m${index}`, 9 - index));
  const drawn = chartOf(many, 'cost', (name) => name ?? '');
  expect(drawn.series).toHaveLength(7);
  expect(drawn.points[0]?.values['']).toBe(3 + 2 + 1);
});

test('a name with a comma or a formula does a spreadsheet no harm', () => {
  const total = { calls: 0, failed: 0, usage, cost: 0 };
  const report = { from: 0, to: 1, timeZone: 'UTC', currency: 'EUR', rows: [row(0, '=1+1,"x"', 2_000_000_000)], total };
  expect(usageCsv(report).split('\r\n')[1]).toBe(
    `1970-01-01T00:00:00.000Z,"'=1+1,""x""","the =1+1,""x""",1,0,10,5,0,0,2`,
  );
});
