import { hierarchy } from 'd3-hierarchy';
import { mainChild, type TreeModel } from './tree-model.ts';

/** A run on the map, in px of scale 1: its middle across, its top down. */
export interface RunPlace {
  x: number;
  y: number;
}

export interface TreeLayout {
  places: readonly RunPlace[];
  left: number;
  right: number;
  bottom: number;
}

export const RUN_WIDTH = 176;
export const RUN_HEIGHT = 54;
const GAP_ACROSS = 20;
const GAP_DOWN = 34;

/**
 * Places for all runs. A branch goes straight down as far as it goes on; those that leave it stand in the first column
 * to its right that is free beside them, so that a long path stays in sight however many leave it.
 */
export function layOutTree(model: TreeModel): TreeLayout {
  const { children, roots } = model;
  // Greetings have no parent: an invisible one holds them beside each other.
  const root = hierarchy<number>(-1, (place) => (place === -1 ? roots : children[place]));
  const columns: number[] = model.tree.runs.map(() => 0);
  const places: RunPlace[] = model.tree.runs.map(() => ({ x: 0, y: 0 }));
  /** The level at which each column is taken last; branches come in the order of the levels they begin at. */
  const taken: number[] = [];
  let bottom = 0;
  for (const { data: place, depth, parent } of root) {
    if (place === -1 || !parent) continue;
    const level = depth - 1;
    const column = columns[parent.data];
    const goesOn = parent.data !== -1 && mainChild(model, parent.data) === place;
    columns[place] =
      goesOn && column !== undefined
        ? column
        : takeColumn(taken, { from: (column ?? -1) + 1, level, end: level + lengthDown(model, place) });
    places[place] = { x: (columns[place] ?? 0) * (RUN_WIDTH + GAP_ACROSS), y: level * (RUN_HEIGHT + GAP_DOWN) };
    bottom = Math.max(bottom, level * (RUN_HEIGHT + GAP_DOWN) + RUN_HEIGHT);
  }
  const right = Math.max(taken.length - 1, 0) * (RUN_WIDTH + GAP_ACROSS) + RUN_WIDTH / 2;
  return { places, left: -RUN_WIDTH / 2, right, bottom };
}

/** The first column from `from` on that is free at a level; it is taken down to `end`. */
function takeColumn(taken: number[], { from, level, end }: { from: number; level: number; end: number }): number {
  let column = from;
  while ((taken[column] ?? -1) >= level) column += 1;
  while (taken.length < column) taken.push(-1);
  taken[column] = end;
  return column;
}

/** Levels that a branch goes on below a run. */
function lengthDown(model: TreeModel, place: number): number {
  let levels = 0;
  for (let next = mainChild(model, place); next !== undefined; next = mainChild(model, next)) levels += 1;
  return levels;
}
