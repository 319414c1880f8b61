import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldTree, type TreeRow } from './fold-tree.ts';

/** Parents by letter, in the order of age: `ab` = b hangs on a; a capital is deleted. */
function rowsOf(...edges: string[]): TreeRow[] {
  return edges.map((edge) => {
    const [parent, name] = edge.length === 1 ? [null, edge] : [edge[0]!.toLowerCase(), edge[1]!];
    const id = name.toLowerCase();
    return { id, parentId: parent, deleted: name !== id };
  });
}

const told = (rows: TreeRow[], leafId: string | null) =>
  foldTree(rows, leafId).runs.map(({ first, last, length, parent, active }) => {
    return `${rows[first]!.id}-${rows[last]!.id} ${length}@${parent} ${active}`;
  });

test('a conversation without forks is one run', () => {
  expect(told(rowsOf('a', 'ab', 'bc'), 'c')).toEqual(['a-c 3@-1 3']);
});

test('a fork ends a run and begins two, parents first, siblings by age', () => {
  expect(told(rowsOf('a', 'ab', 'bc', 'bd', 'de'), 'e')).toEqual(['a-b 2@-1 2', 'c-c 1@0 0', 'd-e 2@0 2']);
});

test('greetings are runs of their own', () => {
  expect(told(rowsOf('a', 'b', 'bc'), 'c')).toEqual(['a-a 1@-1 0', 'b-c 2@-1 2']);
});

test('a path that ends within a run marks its beginning only', () => {
  expect(told(rowsOf('a', 'ab', 'bc'), 'b')).toEqual(['a-c 3@-1 2']);
});

test('branches that were deleted whole are left out; what stands above something living stays', () => {
  expect(told(rowsOf('a', 'aB', 'bc', 'aD', 'dE'), 'a')).toEqual(['a-c 3@-1 1']);
  expect(told(rowsOf('a', 'aB'), 'b')).toEqual(['a-b 2@-1 2']);
});

test('every message that lives is in one run, and runs are as long as they say', () => {
  const tree = fc.array(fc.record({ above: fc.nat(), deleted: fc.boolean() }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(tree, fc.nat(), (nodes, pick) => {
      const rows: TreeRow[] = [];
      const depths: number[] = [];
      for (const [index, { above, deleted }] of nodes.entries()) {
        const parent = rows[above % (index + 1)];
        depths.push(parent ? (depths[above % (index + 1)] ?? 0) + 1 : 0);
        rows.push({
          id: `m${String(index).padStart(3, '0')}`,
          parentId: parent?.id ?? null,
          deleted,
        });
      }
      const leaf = rows[pick % rows.length]!;
      const leafDepth = depths[pick % rows.length]!;
      const { runs, runOf } = foldTree(rows, leaf.id);
      const counted = runs.map(() => 0);
      for (const run of runOf) if (run >= 0) counted[run]! += 1;
      expect(counted).toEqual(runs.map(({ length }) => length));
      expect(runs.reduce((sum, { active }) => sum + active, 0)).toBe(leafDepth + 1);
      expect(runs.map(({ depth }) => depth)).toEqual(runs.map(({ first }) => depths[first]));
      const lost = rows.filter(({ deleted }, place) => !deleted && (runOf[place] ?? -1) < 0);
      expect(lost).toEqual([]);
      for (const [index, { parent }] of runs.entries()) expect(parent).toBeLessThan(index);
    }),
    { numRuns: process.env['EVERWITH_FULL'] === '1' ? 10_000 : 300 },
  );
});
