import { expect, test } from 'vitest';
import { someConversation, someMessage, somePage, somePath } from './conversation-fixtures.ts';
import { emptyConversationState, reduceConversation, type ConversationAction } from './conversation-state.ts';
import { PathMoves } from './path-moves.ts';

/** What a session shows after actions, one after the other. */
function lookOn() {
  const moves = new PathMoves();
  let state = emptyConversationState;
  const see = (...actions: ConversationAction[]) => {
    for (const action of actions) state = moves.follow(reduceConversation(state, action));
    return state;
  };
  see({ type: 'page-load', page: somePage(somePath(5), 4), older: false });
  return { moves, see };
}

const other = someMessage('m4b', { depth: 4, parentId: 'h3', siblings: ['m4', 'm4b'] });
const moved = (leafId: string, revision: number): ConversationAction => ({
  type: 'event',
  event: { type: 'conversation-change', conversation: someConversation({ leafId, revision }) },
});
const written = (message = other): ConversationAction => ({
  type: 'event',
  event: { type: 'message-commit', message },
});

test('what is said after the end is no move; another branch is, until the path comes back or it is accepted', () => {
  const { see } = lookOn();
  const next = someMessage('h5', { depth: 5, parentId: 'm4' });
  expect(see(written(next), moved('h5', 5)).elsewhere).toBeNull();
  expect(see(written(), moved('m4b', 6)).elsewhere).toBe('h5');
  const after = someMessage('h5b', { depth: 5, parentId: 'm4b' });
  expect(see(written(after), moved('h5b', 7)).elsewhere).toBe('h5');
  expect(see(moved('h5', 8)).elsewhere).toBeNull();
  expect(see(moved('m4b', 9), { type: 'path-accept' }).elsewhere).toBeNull();
});

test('a path that ends earlier now was moved; one whose beginning is not known here may have gone on', () => {
  const { see } = lookOn();
  expect(see(moved('m2', 5)).elsewhere).toBe('m4');
  const { see: seeFar } = lookOn();
  const far = somePage(somePath(2, 40), 9);
  expect(seeFar(moved('h41', 9), { type: 'page-load', page: far, older: false }).elsewhere).toBeNull();
});

test('what the reader did is no word: not when its event comes first, not when its end is read later', async () => {
  const { moves, see } = lookOn();
  const { promise, resolve } = Promise.withResolvers<{ revision: number }>();
  const acting = moves.own(promise);
  expect(see(written(), moved('m4b', 5)).elsewhere).toBeNull();
  resolve({ revision: 5 });
  await acting;
  expect(see({ type: 'path-move', revision: 5 }).elsewhere).toBeNull();
  await moves.own(Promise.resolve({ revision: 6 }));
  see({ type: 'messages-change', messages: [someMessage('m4', { depth: 4, parentId: 'h3' })] });
  const page = somePage(somePath(5), 6);
  expect(see({ type: 'path-move', revision: 6 }, { type: 'page-load', page, older: false }).elsewhere).toBeNull();
  expect(see(moved('m4b', 7)).elsewhere).toBe('m4');
});

test('a change that was refused hides nothing of what somebody else did', async () => {
  const { moves, see } = lookOn();
  await expect(moves.own(Promise.reject(new Error('It moved.')))).rejects.toThrow('It moved.');
  expect(see(written(), moved('m4b', 5)).elsewhere).toBe('m4');
});
