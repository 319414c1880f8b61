import { describe, expect, test } from 'vitest';
import { lorebookBodySchema, loreEntrySchema } from './lore.ts';
import { applyLorebookChange, lorebookChangeSchema, type LorebookChange } from './lorebook-changes.ts';

const body = lorebookBodySchema.parse({
  name: 'Book',
  entries: ['a', 'b', 'c', 'd'].map((uid) => ({ uid, content: uid })),
});
const apply = (change: unknown, to = body) => applyLorebookChange(to, lorebookChangeSchema.parse(change));
const uidsAfter = (change: LorebookChange | Record<string, unknown>) => {
  const after = apply(change);
  return typeof after === 'string' ? after : after.entries.map(({ uid }) => uid).join('');
};
const entry = (uid: string) => loreEntrySchema.parse({ uid });

describe('a change of a book', () => {
  test('edits what it names and keeps the rest', () => {
    const after = apply({ type: 'entry-edit', uids: ['b', 'd'], fields: { enabled: false } });
    expect(after).toMatchObject({
      entries: [{ enabled: true }, { enabled: false, content: 'b' }, {}, { content: 'd' }],
    });
    // Absent fields have no default of their own here.
    expect(lorebookChangeSchema.parse({ type: 'entry-edit', uids: ['b'], fields: {} })).toEqual({
      type: 'entry-edit',
      uids: ['b'],
      fields: {},
    });
    expect(apply({ type: 'book-edit', fields: { name: 'New' } })).toMatchObject({ name: 'New', mode: 'st' });
  });

  test('moves, removes and puts back where it was', () => {
    expect(uidsAfter({ type: 'entry-move', uid: 'a', index: 2 })).toBe('bcad');
    expect(uidsAfter({ type: 'entry-move', uid: 'd', index: 0 })).toBe('dabc');
    const removed = apply({ type: 'entry-remove', uids: ['a', 'c', 'd'] });
    if (typeof removed === 'string') throw new Error(removed);
    const back = apply(
      {
        type: 'entry-insert',
        entries: [
          { index: 3, entry: entry('d') },
          { index: 0, entry: entry('a') },
          { index: 2, entry: entry('c') },
        ],
      },
      removed,
    );
    expect(typeof back === 'string' ? back : back.entries.map(({ uid }) => uid)).toEqual(['a', 'b', 'c', 'd']);
    expect(uidsAfter({ type: 'entry-insert', entries: [{ index: 99, entry: entry('z') }] })).toBe('abcdz');
  });

  test('numbers entries one by one', () => {
    const after = apply({ type: 'entry-order', orders: [{ uid: 'c', order: 7 }] });
    expect(after).toMatchObject({ entries: [{ order: 100 }, { order: 100 }, { order: 7 }, { order: 100 }] });
  });

  test('that cannot be made says why', () => {
    expect(uidsAfter({ type: 'entry-edit', uids: ['a', 'x'], fields: {} })).toBe('entry-missing');
    expect(uidsAfter({ type: 'entry-remove', uids: ['x'] })).toBe('entry-missing');
    expect(uidsAfter({ type: 'entry-move', uid: 'x', index: 0 })).toBe('entry-missing');
    expect(uidsAfter({ type: 'entry-insert', entries: [{ index: 0, entry: entry('a') }] })).toBe('entry-exists');
    expect(() => lorebookChangeSchema.parse({ type: 'entry-edit', uids: ['a'], fields: { uid: 'b' } })).toThrow('uid');
  });
});
