import type { KeptTree } from './kept-tree.ts';
import type { TreeLink } from './tree-store.ts';

/**
 * The messages at which branches end that a list of paths with their swipes needs to tell a whole tree, the path's own
 * first. A version of a message that nothing was said after goes along as a swipe where it has the same author.
 */
export function branchEnds(tree: KeptTree, links: readonly TreeLink[]): string[] {
  const authors = new Map(links.map(({ id, author }) => [id, author]));
  const children = new Map<number | null, number[]>();
  for (const [number, parent] of tree.parents.entries()) {
    const list = children.get(parent);
    if (list) list.push(number);
    else children.set(parent, [number]);
  }
  const told = new Set<number>();
  const authorAt = (number: number) => authors.get(tree.ids[number] ?? '');
  const tell = (end: number) => {
    for (let at: number | null = end; at !== null && !told.has(at); at = tree.parents[at] ?? null) {
      told.add(at);
      for (const sibling of children.get(tree.parents[at] ?? null) ?? []) {
        if (!children.has(sibling) && authorAt(sibling) === authorAt(at)) told.add(sibling);
      }
    }
  };
  const ends: number[] = tree.end === null ? [] : [tree.end];
  if (tree.end !== null) tell(tree.end);
  for (let number = tree.ids.length - 1; number >= 0; number -= 1) {
    if (children.has(number) || told.has(number)) continue;
    ends.push(number);
    tell(number);
  }
  return ends.flatMap((number) => tree.ids[number] ?? []);
}
