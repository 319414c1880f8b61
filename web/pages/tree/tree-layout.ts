import { hierarchy, tree } from 'd3-hierarchy';
import type { TreeModel } from './tree-model.ts';

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

/** Tidy places for all runs, parents above their children (Reingold and Tilford, drawn by d3-hierarchy). */
export function layOutTree({ tree: { runs }, children, roots }: TreeModel): TreeLayout {
  // Greetings have no parent: an invisible one holds them beside each other.
  const root = hierarchy<number>(-1, (place) => (place === -1 ? roots : children[place]));
  const laidOut = tree<number>().nodeSize([RUN_WIDTH + GAP_ACROSS, RUN_HEIGHT + GAP_DOWN])(root);
  const places: RunPlace[] = runs.map(() => ({ x: 0, y: 0 }));
  let [left, right, bottom] = [0, 0, 0];
  for (const node of laidOut) {
    if (node.data === -1) continue;
    const y = node.y - (RUN_HEIGHT + GAP_DOWN);
    places[node.data] = { x: node.x, y };
    left = Math.min(left, node.x - RUN_WIDTH / 2);
    right = Math.max(right, node.x + RUN_WIDTH / 2);
    bottom = Math.max(bottom, y + RUN_HEIGHT);
  }
  return { places, left, right, bottom };
}
