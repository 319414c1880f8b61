import type { BranchMark, ConversationTree, TreeRun } from '../../../contract/branches.ts';

/** A conversation's tree as one walks it: places of runs in its list. */
export interface TreeModel {
  tree: ConversationTree;
  /** Of each run, oldest first. */
  children: readonly (readonly number[])[];
  roots: readonly number[];
  marks: ReadonlyMap<number, readonly BranchMark[]>;
  /** The run in which the active path ends; -1 in an empty conversation. */
  here: number;
}

export function toTreeModel(tree: ConversationTree): TreeModel {
  const children: number[][] = tree.runs.map(() => []);
  const roots: number[] = [];
  for (const [place, { parent }] of tree.runs.entries()) (children[parent] ?? roots).push(place);
  const marks = new Map<number, BranchMark[]>();
  for (const mark of tree.marks) marks.set(mark.run, [...(marks.get(mark.run) ?? []), mark]);
  return { tree, children, roots, marks, here: tree.runs.findLastIndex(({ active }) => active > 0) };
}

export function runAt({ tree }: TreeModel, place: number): TreeRun | undefined {
  return tree.runs[place];
}

/** Those that hang where a run hangs, itself among them. */
export function siblingsOf(model: TreeModel, place: number): readonly number[] {
  const parent = runAt(model, place)?.parent ?? -1;
  return model.children[parent] ?? model.roots;
}

/** The child that the active path runs through, else the newest. */
export function mainChild(model: TreeModel, place: number): number | undefined {
  const children = model.children[place] ?? [];
  return children.find((child) => (runAt(model, child)?.active ?? 0) > 0) ?? children.at(-1);
}

export type TreeStep = 'parent' | 'child' | 'previous' | 'next' | 'first' | 'here';

/** Where a step along the branches leads; the same place where there is nothing. */
export function walk(model: TreeModel, place: number, step: TreeStep): number {
  const siblings = siblingsOf(model, place);
  const index = siblings.indexOf(place);
  switch (step) {
    case 'parent':
      return Math.max(runAt(model, place)?.parent ?? -1, -1) < 0 ? place : (runAt(model, place)?.parent ?? place);
    case 'child':
      return mainChild(model, place) ?? place;
    case 'previous':
      return siblings[index - 1] ?? place;
    case 'next':
      return siblings[index + 1] ?? place;
    case 'first':
      return model.roots[0] ?? place;
    case 'here':
      return model.here < 0 ? place : model.here;
    default:
      return step satisfies never;
  }
}

/** A line of the outline. The main branch goes on at its own level; the others hang one level deeper before it. */
export interface OutlineRow {
  place: number;
  level: number;
  /** Branches beside its main one, shown or folded. */
  side: number;
  open: boolean;
}

/** The outline from top to bottom, without what hangs on folded runs. */
export function outlineRows(model: TreeModel, folded: ReadonlySet<number>): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const waiting = model.roots.toReversed().map((place) => ({ place, level: 1 }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { place, level } = next;
    const main = mainChild(model, place);
    const side = (model.children[place] ?? []).filter((child) => child !== main);
    const open = !folded.has(place);
    rows.push({ place, level, side: side.length, open });
    if (main !== undefined) waiting.push({ place: main, level });
    if (open) waiting.push(...side.toReversed().map((child) => ({ place: child, level: level + 1 })));
  }
  return rows;
}

/** Runs whose names have these words. */
export function runsNamed({ marks }: TreeModel, words: string): number[] {
  const sought = words.trim().toLowerCase();
  return [...marks]
    .filter(([, named]) => named.some(({ name }) => name.toLowerCase().includes(sought)))
    .map(([place]) => place);
}
