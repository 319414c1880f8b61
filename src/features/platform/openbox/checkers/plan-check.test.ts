import { describe, expect, test } from 'vitest';
import { missesOfPlan, type PlanCheck } from './plan-check.ts';

/** No miss at all. */
const NOTHING = /^$/;
const judge = (value: unknown, plan: PlanCheck['plan']) =>
  missesOfPlan(JSON.stringify({ plan: value }), { check: 'plan-valid', at: 'plan', plan });

test('what is no plan at all', () => {
  const plan = { kind: 'order' as const, items: ['a', 'b'] };
  expect(missesOfPlan('First a, then b.', { check: 'plan-valid', at: 'plan', plan })).toEqual(['is not JSON']);
  expect(judge(undefined, plan)).toEqual(['is no list of names']);
  expect(judge([{ a: 1 }], plan)).toEqual(['is no list of names']);
});

describe('schedule', () => {
  const plan = {
    kind: 'schedule' as const,
    day: ['08:00', '12:00'] as [string, string],
    tasks: { gym: 60, shop: 30 },
    busy: [['10:00', '11:00']] as [string, string][],
    before: [['gym', 'shop']] as [string, string][],
    within: { shop: ['09:00', '12:00'] as [string, string] },
    gap: 10,
  };
  const entry = (name: string, start: string, end: string) => ({ name, start, end });

  test.each<[string, unknown[], RegExp]>([
    ['right', [entry('Gym', '8:00', '09:00'), entry('shop', '09:10', '09:40')], NOTHING],
    [
      'right, with other words beside',
      [{ ...entry('gym', '08:00', '09:00'), note: 'x' }, entry('shop', '11:00', '11:30')],
      NOTHING,
    ],
    ['too short', [entry('gym', '08:00', '08:50'), entry('shop', '09:10', '09:40')], /gets 50 minutes/],
    ['no gap', [entry('gym', '08:00', '09:00'), entry('shop', '09:05', '09:35')], /too soon/],
    ['overlapping', [entry('gym', '08:30', '09:30'), entry('shop', '09:00', '09:30')], /too soon/],
    ['while busy', [entry('gym', '08:00', '09:00'), entry('shop', '09:45', '10:15')], /meets what is busy/],
    ['outside the day', [entry('gym', '07:00', '08:00'), entry('shop', '09:10', '09:40')], /outside the day/],
    ['the wrong way round', [entry('gym', '11:00', '12:00'), entry('shop', '09:10', '09:40')], /does not come before/],
    ['left out', [entry('gym', '08:00', '09:00')], /planned 0 times/],
    [
      'twice',
      [entry('gym', '08:00', '09:00'), entry('gym', '11:00', '12:00'), entry('shop', '09:10', '09:40')],
      /planned 2/,
    ],
    [
      'invented',
      [entry('gym', '08:00', '09:00'), entry('shop', '09:10', '09:40'), entry('nap', '11:00', '11:30')],
      /no task/,
    ],
    ['too early for it', [entry('shop', '08:00', '08:30'), entry('gym', '08:50', '09:50')], /not when it may be/],
  ])('%s', (_, value, miss) => {
    expect(judge(value, plan).join('\n')).toMatch(miss);
  });
});

describe('selection', () => {
  const plan = {
    kind: 'selection' as const,
    items: {
      a: { cost: 5, value: 3, group: 'x' },
      b: { cost: 4, value: 2, group: 'x' },
      c: { cost: 3, value: 4, group: 'y' },
    },
    maxCost: 8,
    minValue: 6,
    count: [2, 2] as [number, number],
    groups: { x: [1, 1] as [number, number] },
    without: [['b', 'c']] as [string, string][],
    needs: [['a', 'c']] as [string, string][],
  };
  test.each<[string, string[], RegExp]>([
    ['right', ['A', 'c'], NOTHING],
    ['too dear', ['a', 'b'], /costs 9/],
    ['not worth it', ['a', 'b'], /is worth 5/],
    ['too many of a group', ['a', 'b'], /has 2 of x/],
    ['what does not go together', ['b', 'c'], /does not go with/],
    ['without what it needs', ['a', 'b'], /needs c/],
    ['twice', ['c', 'c'], /twice/],
    ['too few', ['c'], /has 1 items/],
    ['unknown', ['a', 'c', 'd'], /d cannot be chosen/],
  ])('%s', (_, value, miss) => {
    expect(judge(value, plan).join('\n')).toMatch(miss);
  });
});

describe('order', () => {
  const plan = {
    kind: 'order' as const,
    items: ['a', 'b', 'c', 'd'],
    before: [['a', 'b']] as [string, string][],
    beside: [['b', 'c']] as [string, string][],
    apart: [['a', 'd']] as [string, string][],
    places: { a: [1] },
  };
  test.each<[string, string[], RegExp]>([
    ['right', ['a', 'b', 'c', 'd'], NOTHING],
    ['another right one', ['a', 'c', 'b', 'd'], NOTHING],
    ['not before', ['b', 'c', 'a', 'd'], /a is not before b/],
    ['not beside', ['a', 'b', 'd', 'c'], /b is not beside c/],
    ['beside', ['a', 'd', 'b', 'c'], /a is beside d/],
    ['elsewhere', ['d', 'c', 'b', 'a'], /a is at place 4/],
    ['missing', ['a', 'b', 'c'], /d is there 0 times/],
    ['strange', ['a', 'b', 'c', 'd', 'e'], /e does not belong/],
  ])('%s', (_, value, miss) => {
    expect(judge(value, plan).join('\n')).toMatch(miss);
  });
});

describe('assignment', () => {
  const plan = {
    kind: 'assignment' as const,
    tasks: { a: 3, b: 2, c: 2 },
    holders: { U: 4, V: 4 },
    least: 1,
    allowed: { a: ['V'] },
    together: [['b', 'c']] as [string, string][],
    apart: [['a', 'b']] as [string, string][],
  };
  const give = (given: string) => given.split(' ').map(([task = '', to = '']) => ({ task, to }));
  test.each<[string, string, RegExp]>([
    ['right', 'aV bU cU', NOTHING],
    ['too much', 'aV bV cV', /V has 7, more than 4/],
    ['nothing for one', 'aV bV cV', /U has 0 tasks/],
    ['not allowed', 'aU bV cV', /U may not have a/],
    ['torn apart', 'aV bU cV', /b is not with c/],
    ['together', 'aV bV cU', /a is with b/],
    ['left over', 'aV bU', /nobody has c/],
    ['twice', 'aV bU cU cV', /c is given twice/],
    ['nobody', 'aV bU cW', /W is nobody here/],
    ['no task', 'aV bU cU dU', /d is no task/],
  ])('%s', (_, value, miss) => {
    expect(judge(give(value), plan).join('\n')).toMatch(miss);
  });
});

describe('quantities', () => {
  const plan = {
    kind: 'quantities' as const,
    items: { apple: { price: 1 }, mango: { price: 2 } },
    sums: { price: [13, 13] as [number, number] },
    pieces: [10, 10] as [number, number],
    different: [2, 2] as [number, number],
    each: { mango: [1, 5] as [number, number] },
  };
  const buy = (apples: number, mangos: number) => [
    { item: 'Apple', count: apples },
    { item: 'mango', count: mangos },
  ];
  test('right, and each way to be wrong', () => {
    expect(judge(buy(7, 3), plan)).toEqual([]);
    expect(judge(buy(10, 3), plan)).toEqual(['the sum of price is 16', 'there are 13 pieces']);
    expect(judge(buy(13, 0), plan).join()).toMatch(/1 different ones,there are 0 of mango/);
    expect(judge([{ item: 'pear', count: 1 }], plan)[0]).toBe('pear is not to be had');
    expect(judge([{ item: 'apple', count: 1.5 }], plan)).toEqual(['is no list of {item, count} with whole counts']);
  });
});

describe('route', () => {
  const plan = {
    kind: 'route' as const,
    roads: [
      ['a', 'b', 5],
      ['b', 'c', 6],
      ['a', 'c', 20],
      ['b', 'd', 1],
    ] as [string, string, number][],
    from: 'a',
    to: 'c',
    past: ['b'],
    never: ['d'],
    maxLength: 11,
  };
  test('right, and each way to be wrong', () => {
    expect(judge(['A', 'b', 'c'], plan)).toEqual([]);
    expect(judge(['a', 'c'], plan)).toEqual(['does not pass b', 'is 20 long']);
    expect(judge(['a', 'b', 'd', 'b', 'c'], plan)).toEqual(['passes d', 'is 13 long']);
    expect(judge(['b', 'c', 'b'], plan)).toEqual(['does not begin at a', 'does not end at c', 'is 12 long']);
    expect(judge(['a', 'd', 'c'], plan).join()).toMatch(/no road from a to d/);
    expect(judge(['a', 'z', 'b', 'c'], plan)).toContain('z is no place here');
  });
});
