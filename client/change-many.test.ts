import { expect, test } from 'vitest';
import { changeMany } from './change-many.ts';
import { someMessage } from './conversation-fixtures.ts';

const known = new Map(
  ['m0', 'h1', 'm2'].map((id) => [id, someMessage(id, id === 'm2' ? { siblings: ['m1', 'm2'] } : {})] as const),
);
known.set('m1', someMessage('m1', { siblings: ['m1', 'm2'] }));

test('deleted messages lose their words and are no versions to choose any more', () => {
  const after = changeMany(known, { change: 'delete', messageIds: ['m1', 'nobody'] });
  expect(after.get('m1')).toMatchObject({ deleted: true, parts: [], siblings: ['m1', 'm2'] });
  expect(after.get('m2')?.siblings).toEqual(['m2']);
  expect(after.get('h1')).toBe(known.get('h1'));
});

test('hidden ones say so; what the reader did not hear stays as it was', () => {
  const withheld = new Map(known).set('h1', someMessage('h1', { withheld: true }));
  const after = changeMany(withheld, { change: 'hide', messageIds: ['m0', 'h1'] });
  expect([after.get('m0')?.hidden, after.get('h1')?.hidden]).toEqual([true, false]);
  expect(changeMany(after, { change: 'show', messageIds: ['m0'] }).get('m0')?.hidden).toBe(false);
});

test('restored ones are unknown until they are read again, and after very many nothing is known', () => {
  expect([...changeMany(known, { change: 'restore', messageIds: ['m2'] }).keys()]).toEqual(['m0', 'h1', 'm1']);
  expect(changeMany(known, { change: 'delete', messageIds: null }).size).toBe(0);
});
