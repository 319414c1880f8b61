import type { TreeLink } from './tree-store.ts';

/** What of a tree goes along into a file: messages by number, parents before their children. */
export interface KeptTree {
  ids: string[];
  /** Numbers of the parents; null = it begins a conversation. */
  parents: (number | null)[];
  /** True where the path of the parent goes on with it. */
  chosen: boolean[];
  /** The number of the message at which the path ends. */
  end: number | null;
  numberOf: ReadonlyMap<string, number>;
}

/** Takes messages out of a tree: what hung on them hangs on the nearest one above that stays. `links` are ordered by id. */
export function keepTree(
  links: readonly TreeLink[],
  { keeps, endId }: { keeps: (link: TreeLink) => boolean; endId: string | null },
): KeptTree {
  const byId = new Map(links.map((link) => [link.id, link]));
  const numberOf = new Map<string, number>();
  const tree: KeptTree = { ids: [], parents: [], chosen: [], end: null, numberOf };
  // The nearest message that stays, at each message or above it; parents have smaller ids.
  const above = new Map<string, number | null>();
  for (const link of links) {
    const parent = link.parentId === null ? null : (above.get(link.parentId) ?? null);
    if (!keeps(link)) {
      above.set(link.id, parent);
      continue;
    }
    const number = tree.ids.length;
    tree.ids.push(link.id);
    tree.parents.push(parent);
    tree.chosen.push(false);
    numberOf.set(link.id, number);
    above.set(link.id, number);
  }
  // Where nothing stays of the way a path went, it goes on with what came last.
  const lastChild = new Map(tree.parents.map((parent, number) => [parent, number]));
  for (const [number, id] of tree.ids.entries()) {
    const next = nextKept(byId, { id, numberOf }) ?? lastChild.get(number);
    if (next !== undefined) tree.chosen[next] = true;
  }
  tree.end = endId === null ? null : (above.get(endId) ?? null);
  const first = firstAbove(tree, tree.end);
  if (first !== null) tree.chosen[first] = true;
  return tree;
}

/** Where the path below a message goes on among those that stay. */
function nextKept(
  byId: ReadonlyMap<string, TreeLink>,
  { id, numberOf }: { id: string; numberOf: ReadonlyMap<string, number> },
): number | undefined {
  for (let next = byId.get(id)?.activeChildId ?? null; next !== null; next = byId.get(next)?.activeChildId ?? null) {
    const number = numberOf.get(next);
    if (number !== undefined) return number;
  }
  return undefined;
}

function firstAbove({ parents }: KeptTree, number: number | null): number | null {
  let at = number;
  for (let up = at === null ? null : parents[at]; up !== null && up !== undefined; up = parents[up]) at = up;
  return at;
}
