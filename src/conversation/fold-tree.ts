/** What folding needs to know of a message. */
export interface TreeRow {
  id: string;
  parentId: string | null;
  deleted: boolean;
}

/** A stretch without forks: places of its first and last message among the rows. */
export interface FoldedRun {
  first: number;
  last: number;
  length: number;
  /** Of its first message. */
  depth: number;
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
 * are left out unless the active path runs through them. Of rows with one parent the older come first.
 */
export function foldTree(rows: readonly TreeRow[], leafId: string | null): FoldedTree {
  const parents = parentPlaces(rows);
  const onPath = pathPlaces(rows, { parents, leafId });
  const byDepth = placesByDepth(parents);
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
      const before = runs[above];
      const depth = before ? before.depth + before.length : 0;
      runs.push({ first: place, last: place, length: 1, depth, parent: above, active: onPath[place] ?? 0 });
    }
  }
  return { runs, runOf };
}

/** Its parent came while the rows were read: the next look shows both. */
const UNKNOWN = -2;

/** Places of parents: -1 for those that begin the conversation. */
function parentPlaces(rows: readonly TreeRow[]): Int32Array {
  const places = new Map(rows.map(({ id }, place) => [id, place]));
  return Int32Array.from(rows, ({ parentId }) => (parentId === null ? -1 : (places.get(parentId) ?? UNKNOWN)));
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

/** Places ordered by depth, the children of each in their order: level by level, from the first messages on. */
function placesByDepth(parents: Int32Array): Int32Array {
  const starts = new Int32Array(parents.length + 2);
  for (const parent of parents) starts[parent + 2] = (starts[parent + 2] ?? 0) + 1;
  for (let at = 1; at < starts.length; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  // Children of each place beside each other, before them those that begin, before these those of unknown parents.
  const children = new Int32Array(parents.length);
  const next = starts.slice();
  for (const [place, parent] of parents.entries()) {
    if (parent === UNKNOWN) continue;
    const at = next[parent + 1] ?? 0;
    children[at] = place;
    next[parent + 1] = at + 1;
  }
  const places = new Int32Array(parents.length);
  let count = 0;
  const take = (parent: number) => {
    for (let at = starts[parent + 1] ?? 0; at < (starts[parent + 2] ?? 0); at += 1) {
      places[count] = children[at] ?? 0;
      count += 1;
    }
  };
  take(-1);
  for (let at = 0; at < count; at += 1) take(places[at] ?? 0);
  return places.subarray(0, count);
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
