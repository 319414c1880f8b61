import type { LorebookBody, LoreEntry } from '../../../contract/lore.ts';
import type { LorebookChange, LoreEntryFields } from '../../../contract/lorebook-changes.ts';

/** The changes that undo one, made on the book as it was before. */
export function inverseOf(before: LorebookBody, change: LorebookChange): LorebookChange[] {
  switch (change.type) {
    case 'book-edit':
      return [{ type: 'book-edit', fields: pick(before, change.fields) }];
    case 'entry-insert':
      return [{ type: 'entry-remove', uids: change.entries.map(({ entry }) => entry.uid) }];
    case 'entry-edit':
      return inverseOfEdit(before, change);
    case 'entry-order': {
      const changed = new Set(change.orders.map(({ uid }) => uid));
      const orders = before.entries.filter(({ uid }) => changed.has(uid)).map(({ uid, order }) => ({ uid, order }));
      return [{ type: 'entry-order', orders }];
    }
    case 'entry-remove': {
      const gone = new Set(change.uids);
      const entries = before.entries.flatMap((entry, index) => (gone.has(entry.uid) ? [{ index, entry }] : []));
      return [{ type: 'entry-insert', entries }];
    }
    case 'entry-move':
      return [
        { type: 'entry-move', uid: change.uid, index: before.entries.findIndex(({ uid }) => uid === change.uid) },
      ];
    default:
      return change satisfies never;
  }
}

/** Entries that had the same values get them back together. */
function inverseOfEdit(
  before: LorebookBody,
  { uids, fields }: { uids: readonly string[]; fields: LoreEntryFields },
): LorebookChange[] {
  const changed = new Set(uids);
  const groups = new Map<string, { uids: string[]; fields: LoreEntryFields }>();
  for (const entry of before.entries) {
    if (!changed.has(entry.uid)) continue;
    const old = pick<LoreEntry>(entry, fields);
    const key = JSON.stringify(old);
    const group = groups.get(key) ?? { uids: [], fields: old };
    group.uids.push(entry.uid);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => ({ type: 'entry-edit', ...group }));
}

function pick<From extends object>(from: From, names: object): Partial<From> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name in names)) as Partial<From>;
}
