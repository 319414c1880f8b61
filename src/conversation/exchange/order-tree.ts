import type { ImportedNode } from './imported-chat.ts';

/** A message of a program that keeps trees. */
export interface TreeEntry {
  id: string;
  parentId: string | null;
  /** Null for entries that say nothing: their children hang on their parent. */
  node: Omit<ImportedNode, 'parent' | 'chosen'> | null;
  /** Thoughts of an entry without words; they go to what follows. */
  reasoning?: string;
}

/**
 * Entries as nodes, parents before children; entries in a circle are left out. The path runs to `currentId`, and
 * elsewhere through the last child.
 */
export function orderTree(entries: readonly TreeEntry[], currentId: string | null): ImportedNode[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const children = new Map<string | null, TreeEntry[]>();
  for (const entry of entries) {
    const parent = entry.parentId !== null && byId.has(entry.parentId) ? entry.parentId : null;
    const list = children.get(parent);
    if (list) list.push(entry);
    else children.set(parent, [entry]);
  }
  const current = ancestorsOf(byId, currentId);
  const nodes: ImportedNode[] = [];
  const leads: (readonly [priority: number, index: number] | undefined)[] = [];
  const roots = { place: null as number | null, reasoning: '' };
  const open = (children.get(null) ?? []).toReversed().map((entry) => ({ entry, ...roots }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { entry, place, reasoning } = next;
    let below = { place, reasoning: [reasoning, entry.reasoning ?? ''].filter(Boolean).join('\n\n') };
    if (entry.node) {
      const thoughts = [below.reasoning, entry.node.reasoning].filter(Boolean).join('\n\n');
      nodes.push({ ...entry.node, reasoning: thoughts, parent: place, chosen: false });
      const index = nodes.length - 1;
      const slot = place === null ? 0 : place + 1;
      const priority = current.has(entry.id) ? 1 : 0;
      if ((leads[slot]?.[0] ?? 0) <= priority) leads[slot] = [priority, index];
      below = { place: index, reasoning: '' };
    }
    for (const child of (children.get(entry.id) ?? []).toReversed()) open.push({ entry: child, ...below });
  }
  for (const lead of leads) {
    const chosen = lead && nodes[lead[1]];
    if (chosen) chosen.chosen = true;
  }
  return nodes;
}

function ancestorsOf(byId: ReadonlyMap<string, TreeEntry>, id: string | null): Set<string> {
  const ids = new Set<string>();
  for (let entry = id === null ? undefined : byId.get(id); entry && !ids.has(entry.id);) {
    ids.add(entry.id);
    entry = entry.parentId === null ? undefined : byId.get(entry.parentId);
  }
  return ids;
}

/** Messages one below the other. */
export function orderChain(messages: readonly Omit<ImportedNode, 'parent' | 'chosen'>[]): ImportedNode[] {
  return messages.map((message, index) => ({ ...message, parent: index === 0 ? null : index - 1, chosen: true }));
}
