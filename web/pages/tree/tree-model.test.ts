import { expect, test } from 'vitest';
import type { ConversationTree, TreeRun } from '../../../contract/branches.ts';
import { processorTimeInMs } from '../../../tests/support/processor-time.ts';
import { layOutTree, RUN_WIDTH } from './tree-layout.ts';
import { outlineRows, runsNamed, toTreeModel, walk } from './tree-model.ts';

/** Runs by the place of their parents; the active path runs through those with a star. */
function someTree(...parents: string[]): ConversationTree {
  const runs = parents.map((text, place): TreeRun => ({
    id: `r${place}`,
    lastId: `r${place}`,
    parent: Number.parseInt(text, 10),
    depth: place,
    length: 1,
    active: text.endsWith('*') ? 1 : 0,
    by: 'human',
    name: 'Leo',
    words: `words ${place}`,
    state: 'whole',
    at: 0,
  }));
  const mark = {
    id: 'k',
    messageId: 'r3',
    kind: 'branch' as const,
    name: 'The Harbour',
    depth: 3,
    words: '',
    createdAt: 0,
  };
  return { revision: 1, leafId: 'r4', messages: runs.length, runs, marks: [{ ...mark, run: 3 }] };
}

//   0* ── 1
//      └─ 2* ── 3
//            └─ 4*
const model = toTreeModel(someTree('-1*', '0', '0*', '2', '2*'));

test('one walks to parents, along the path, and beside', () => {
  expect(model.here).toBe(4);
  expect(walk(model, 4, 'parent')).toBe(2);
  expect(walk(model, 0, 'parent')).toBe(0);
  expect(walk(model, 0, 'child')).toBe(2);
  expect(walk(model, 2, 'previous')).toBe(1);
  expect(walk(model, 3, 'next')).toBe(4);
  expect(walk(model, 4, 'next')).toBe(4);
  expect(walk(model, 1, 'here')).toBe(4);
});

test('the outline keeps the path at one level, however deep, and folds what hangs beside it', () => {
  const levels = (folded: number[]) => outlineRows(model, new Set(folded)).map(({ place, level }) => [place, level]);
  expect(levels([])).toEqual([
    [0, 1],
    [1, 2],
    [2, 1],
    [3, 2],
    [4, 1],
  ]);
  expect(levels([2])).toEqual([
    [0, 1],
    [1, 2],
    [2, 1],
    [4, 1],
  ]);
});

test('names are found however they are written', () => {
  expect(runsNamed(model, ' harb ')).toEqual([3]);
  expect(runsNamed(model, 'ship')).toEqual([]);
});

test('on the map no two stand on each other, and children stand below', () => {
  const { places, left, right } = layOutTree(model);
  const taken = places.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`);
  expect(new Set(taken).size).toBe(places.length);
  expect(places[2]?.y).toBeGreaterThan(places[0]?.y ?? Infinity);
  expect(Math.abs((places[1]?.x ?? 0) - (places[2]?.x ?? 0))).toBeGreaterThanOrEqual(RUN_WIDTH);
  expect(right - left).toBeGreaterThanOrEqual(2 * RUN_WIDTH);
});

test('a path of thousands of forks is laid out at once', async () => {
  const parents = Array.from({ length: 10_001 }, (_, place) => {
    if (place === 0) return '-1*';
    return place % 2 === 1 ? String(Math.max(0, place - 1)) : `${place - 2}*`;
  });
  const long = toTreeModel(someTree(...parents));
  const spentInMs = await processorTimeInMs(() => {
    expect(outlineRows(long, new Set())).toHaveLength(10_001);
    expect(layOutTree(long).places).toHaveLength(10_001);
  });
  expect(spentInMs).toBeLessThan(3000);
});
