import { expect, test } from 'vitest';
import { someMessage, somePage, somePath } from './conversation-fixtures.ts';
import { emptyConversationState, hasNewer, hasOlder, reduceConversation } from './conversation-state.ts';
import type { ConversationAction, ConversationState } from './conversation-state.ts';

const path = somePath(200);
const play = (state: ConversationState, ...actions: ConversationAction[]) => actions.reduce(reduceConversation, state);
const ids = ({ path }: ConversationState) => path.map(({ id }) => id);
const idsOf = (from: number, to: number) => path.slice(from, to).map(({ id }) => id);
const opened = play(emptyConversationState, {
  type: 'page-load',
  page: somePage(path.slice(150), 3),
  older: false,
});
const window = (from: number, to: number): ConversationAction => ({
  type: 'window-load',
  page: { ...somePage(path.slice(from, to), 3), hasNewer: to < path.length },
});

test('an old message is shown among its neighbours, and both directions grow from there', () => {
  const there = play(opened, window(40, 60));
  expect(ids(there)).toEqual(idsOf(40, 60));
  expect([hasOlder(there), hasNewer(there)]).toEqual([true, true]);
  const older = play(there, { type: 'page-load', page: somePage(path.slice(20, 40), 3), older: true });
  expect(ids(older)).toEqual(idsOf(20, 60));
  const newer = play(older, window(60, 100));
  expect(ids(newer)).toEqual(idsOf(20, 100));
  // Where it meets what was read at first, the rest is there too.
  const joined = play(newer, window(100, 151));
  expect(ids(joined)).toEqual(idsOf(20, 200));
  expect(hasNewer(joined)).toBe(false);
});

test('what is said meanwhile does not move the reader, and the way back is one step', () => {
  const said = someMessage('new', { depth: 200, parentId: path.at(-1)!.id });
  const there = play(opened, window(40, 60), {
    type: 'messages-load',
    messages: [said],
    revision: 4,
    leafId: 'new',
  });
  expect(ids(there)).toEqual(idsOf(40, 60));
  expect(ids(play(there, { type: 'window-close' }))).toEqual([...idsOf(150, 200), 'new']);
});

test('another path ends the look back', () => {
  const other = someMessage('other', { depth: 199, parentId: path[198]!.id });
  const there = play(opened, window(40, 60), {
    type: 'messages-load',
    messages: [other],
    revision: 4,
    leafId: 'other',
  });
  expect(ids(there)).toEqual([...idsOf(150, 199), 'other']);
  expect(play(opened, window(40, 60), { type: 'path-move', revision: 9 })).toMatchObject({
    windowEndId: null,
    stale: true,
  });
});

test('the last page of a window reaches the end', () => {
  expect(hasNewer(play(opened, window(190, 200)))).toBe(false);
});
