import { describe, expect, test } from 'vitest';
import { someConversation, someMessage, somePage, somePath } from './conversation-fixtures.ts';
import { emptyConversationState, reduceConversation } from './conversation-state.ts';
import type { ConversationAction, ConversationState } from './conversation-state.ts';

const play = (state: ConversationState, ...actions: ConversationAction[]) => actions.reduce(reduceConversation, state);
const load = (revision: number, since?: ConversationState['known']): ConversationAction => ({
  type: 'page-load',
  page: somePage(somePath(5), revision),
  older: false,
  ...(since && { since }),
});
const gone = someMessage('m2', { depth: 2, parentId: 'h1', deleted: true, parts: [] });
const deletion: ConversationAction = { type: 'event', event: { type: 'message-change', message: gone } };
const shown = play(emptyConversationState, load(4));

test('a page that was read before a deletion was told does not bring the message back', () => {
  const { known: since } = shown;
  const after = play(shown, deletion, load(4, since));
  expect(after.known.get('m2')).toMatchObject({ deleted: true, parts: [] });
  const first = play(emptyConversationState, deletion, load(4, emptyConversationState.known));
  expect(first.path.map(({ id, deleted }) => [id, deleted])).toContainEqual(['m2', true]);
});

test('nor does a late answer; one to which nothing was told meanwhile counts', () => {
  const { known: since } = shown;
  const there = someMessage('m2', { depth: 2, parentId: 'h1' });
  const answer: ConversationAction = { type: 'messages-load', messages: [there], revision: 4, since };
  expect(play(shown, deletion, answer).known.get('m2')?.deleted).toBe(true);
  const hidden = { ...there, hidden: true };
  expect(play(shown, { ...answer, messages: [hidden] }).known.get('m2')?.hidden).toBe(true);
});

test('a page that is older than what the stream said of the conversation is read again', () => {
  const conversation = someConversation({ revision: 6, leafId: 'm6' });
  const state = play(
    emptyConversationState,
    { type: 'event', event: { type: 'conversation-snapshot', conversation, streaming: [], presence: [], run: null } },
    load(4, emptyConversationState.known),
  );
  expect([state.stale, state.leafId, state.revision]).toEqual([true, 'm6', 6]);
});

describe('a reply whose end was told before anybody listened', () => {
  const conversation = someConversation({ revision: 5, leafId: 'm4' });
  const snapshot: ConversationAction = {
    type: 'event',
    event: { type: 'conversation-snapshot', conversation, streaming: [], presence: [], run: null },
  };
  const live: ConversationAction = { type: 'connection-change', state: 'live', error: null };
  const written = someMessage('m4', { depth: 4, parentId: 'h3', state: 'streaming', parts: [] });
  const page: ConversationAction = {
    type: 'page-load',
    page: somePage([...somePath(4), written], 5),
    older: false,
    since: emptyConversationState.known,
  };

  test('is read again, whether the page came after the snapshot or before it', () => {
    const after = play(emptyConversationState, live, snapshot, page);
    expect(after.stale).toBe(true);
    expect(play(after, page).stale).toBe(false);
    const before = play(emptyConversationState, page, live, snapshot);
    expect([before.stale, before.known.has('m4'), before.path.at(-1)?.id]).toEqual([true, false, 'm4']);
  });

  test('and so is one that only an answer told of before the first page', () => {
    const answer: ConversationAction = { type: 'messages-load', messages: [written], revision: 5 };
    expect(play(emptyConversationState, answer, live, snapshot).stale).toBe(true);
  });
});

test('after a gap what is shown stays until it is read, and nothing else of what was known', () => {
  const snapshot: ConversationAction = {
    type: 'event',
    event: {
      type: 'conversation-snapshot',
      conversation: someConversation({ revision: 4, leafId: 'm4' }),
      streaming: [],
      presence: [],
      run: null,
    },
  };
  const beside = someMessage('m4b', { depth: 4, parentId: 'h3' });
  const first = play(shown, snapshot, { type: 'event', event: { type: 'message-commit', message: beside } });
  expect([first.stale, first.known.has('m4b')]).toEqual([false, true]);
  const again = play(first, snapshot);
  expect([again.stale, again.known.has('m4b'), again.path]).toEqual([true, false, first.path]);
  const read = play(again, {
    type: 'page-load',
    page: somePage(somePath(5).slice(2), 4),
    older: false,
    since: again.known,
  });
  expect([read.told, read.stale, read.path.map(({ id }) => id)]).toEqual([
    'all',
    false,
    ['m0', 'h1', 'm2', 'h3', 'm4'],
  ]);
});

test('of what a device kept only what was told since stays beside the page', () => {
  const kept = { conversation: someConversation({ revision: 3, leafId: 'm4' }), messages: somePath(5), keptAt: 9 };
  const keeping = play(emptyConversationState, { type: 'kept-load', kept });
  const old = someMessage('h3', { depth: 3, parentId: 'm2', text: 'as it was kept' });
  const withOld = { ...keeping, known: new Map(keeping.known).set('h3', old) };
  const state = play(withOld, deletion, load(4, withOld.known));
  expect([state.known.get('m2')?.deleted, state.known.get('h3')?.parts]).toEqual([true, somePath(5)[3]?.parts]);
});
