/** What folding needs to know of a message. */
export interface TreeRow {
  id: string;
  parentId: string | null;
  depth: number;
  deleted: boolean;
}

/** A stretch without forks: places of its first and last message among the rows. */
export interface FoldedRun {
  first: number;
  last: number;
  length: number;
  /** Place of the run it hangs on; -1 for those that begin the conversation. */
  parent: number;
  /** Messages of it, from the first, on the active path. */
  active: number;
}

export interface FoldedTree {
  /** Parents before their children, siblings by age. */
  runs: FoldedRun[];
  /** The run of each row by the row's place; -1 where it is left out. */
  runOf: Int32Array;
}

/**
 * Folds a tree into stretches without forks, in time linear in its messages. Branches of which everything was deleted
 * are left out unless the active path runs through them. Rows come ordered by id, which is by age.
 */
export function foldTree(rows: readonly TreeRow[], leafId: string | null): FoldedTree {
  const parents = parentPlaces(rows);
  const onPath = pathPlaces(rows, { parents, leafId });
  const byDepth = placesByDepth(rows);
  const alive = livingPlaces(rows, { parents, onPath, byDepth });
  const children = countChildren(parents, alive);
  const runOf = new Int32Array(rows.length).fill(-1);
  const runs: FoldedRun[] = [];
  for (const place of byDepth) {
    if (alive[place] === 0) continue;
    const parent = parents[place] ?? -1;
    const above = parent < 0 ? -1 : (runOf[parent] ?? -1);
    const run = above >= 0 && children[parent] === 1 ? runs[above] : undefined;
    if (run) {
      run.last = place;
      run.length += 1;
      run.active += onPath[place] ?? 0;
      runOf[place] = above;
    } else {
      runOf[place] = runs.length;
      runs.push({ first: place, last: place, length: 1, parent: above, active: onPath[place] ?? 0 });
    }
  }
  return { runs, runOf };
}

function parentPlaces(rows: readonly TreeRow[]): Int32Array {
  const places = new Map(rows.map(({ id }, place) => [id, place]));
  return Int32Array.from(rows, ({ parentId }) => (parentId === null ? -1 : (places.get(parentId) ?? -1)));
}

function pathPlaces(
  rows: readonly TreeRow[],
  { parents, leafId }: { parents: Int32Array; leafId: string | null },
): Uint8Array {
  const onPath = new Uint8Array(rows.length);
  let place = leafId === null ? -1 : rows.findLastIndex(({ id }) => id === leafId);
  while (place >= 0 && onPath[place] === 0) {
    onPath[place] = 1;
    place = parents[place] ?? -1;
  }
  return onPath;
}

/** Places ordered by depth, then by age: a counting sort. */
function placesByDepth(rows: readonly TreeRow[]): Int32Array {
  const deepest = rows.reduce((most, { depth }) => Math.max(most, depth), 0);
  const starts = new Int32Array(deepest + 2);
  for (const { depth } of rows) starts[depth + 1] = (starts[depth + 1] ?? 0) + 1;
  for (let depth = 0; depth <= deepest; depth += 1) starts[depth + 1] = (starts[depth + 1] ?? 0) + (starts[depth] ?? 0);
  const places = new Int32Array(rows.length);
  for (const [place, { depth }] of rows.entries()) {
    const next = starts[depth] ?? 0;
    places[next] = place;
    starts[depth] = next + 1;
  }
  return places;
}

/** 1 for what is shown: what is not deleted, what the path runs through, and all above. */
function livingPlaces(
  rows: readonly TreeRow[],
  { parents, onPath, byDepth }: { parents: Int32Array; onPath: Uint8Array; byDepth: Int32Array },
): Uint8Array {
  const alive = Uint8Array.from(rows, ({ deleted }, place) => (deleted ? (onPath[place] ?? 0) : 1));
  for (const place of byDepth.toReversed()) {
    const parent = parents[place] ?? -1;
    if (alive[place] === 1 && parent >= 0) alive[parent] = 1;
  }
  return alive;
}

function countChildren(parents: Int32Array, alive: Uint8Array): Int32Array {
  const counts = new Int32Array(parents.length);
  for (const [place, parent] of parents.entries()) {
    if (parent >= 0 && alive[place] === 1) counts[parent] = (counts[parent] ?? 0) + 1;
  }
  return counts;
}
