import { describe, expect, test } from 'vitest';
import type { ConversationEvent } from '../contract/conversations.ts';
import { ApiError } from './api-error.ts';
import { someConversation, someMessage, somePage, somePath, someParticipant } from './conversation-fixtures.ts';
import {
  emptyConversationState,
  hasOlder,
  pathTotal,
  reduceConversation,
  visiblePending,
} from './conversation-state.ts';
import type { ConversationAction, ConversationState } from './conversation-state.ts';

function play(...actions: ConversationAction[]): ConversationState {
  return playOn(emptyConversationState, ...actions);
}
function playOn(state: ConversationState, ...actions: ConversationAction[]): ConversationState {
  return actions.reduce(reduceConversation, state);
}
const event = (value: ConversationEvent): ConversationAction => ({ type: 'event', event: value });
const page = (messages: ReturnType<typeof somePath>, revision: number, older = false): ConversationAction => ({
  type: 'page-load',
  page: somePage(messages, revision),
  older,
});
const ids = (state: ConversationState) => state.path.map(({ id }) => id);
const snapshot = (
  change: Parameters<typeof someConversation>[0],
  streaming: Extract<ConversationEvent, { type: 'conversation-snapshot' }>['streaming'] = [],
) =>
  event({ type: 'conversation-snapshot', conversation: someConversation(change), streaming, presence: [], run: null });

describe('pages', () => {
  test('the newest page is the end of the path; older ones join above it', () => {
    const newest = play(page(somePath(4, 6), 9));
    expect(ids(newest)).toEqual(['m6', 'h7', 'm8', 'h9']);
    expect(pathTotal(newest)).toBe(10);
    expect(hasOlder(newest)).toBe(true);
    const whole = playOn(newest, page(somePath(6), 9, true));
    expect(ids(whole)).toHaveLength(10);
    expect(hasOlder(whole)).toBe(false);
  });

  test('a page older than what is known does not move the path back', () => {
    const state = play(page(somePath(3), 5), page(somePath(2), 4));
    expect(ids(state)).toEqual(['m0', 'h1', 'm2']);
  });

  test('a page that cannot be read is told and ends the asking', () => {
    const error = new ApiError({ code: 'unavailable', message: 'x', status: 503, retryable: true });
    const state = play(snapshot({ leafId: 'm2', revision: 3 }), { type: 'page-fail', error });
    expect(state).toMatchObject({ stale: false, pageError: { code: 'unavailable' } });
    expect(playOn(state, page(somePath(3), 3)).pageError).toBeNull();
  });
});

describe('a streamed reply', () => {
  const reply = someMessage('m4', { depth: 4, parentId: 'h3', state: 'streaming', parts: [] });
  const under = play(page(somePath(4), 3), event({ type: 'reply-start', message: reply }), {
    ...event({ type: 'conversation-change', conversation: someConversation({ leafId: 'm4', revision: 4 }) }),
  });

  test("starts at the path's end, tells its progress until it writes, and grows", () => {
    expect(ids(under).at(-1)).toBe('m4');
    const reading = playOn(
      under,
      event({ type: 'prompt-progress', messageId: 'm4', evaluated: 64, reused: 600, total: 1482 }),
    );
    expect(reading.streaming.get('m4')?.progress).toEqual({ evaluated: 64, reused: 600, total: 1482 });
    const thinking = playOn(reading, event({ type: 'reasoning-delta', messageId: 'm4', text: 'Hm.' }));
    expect(thinking.streaming.get('m4')?.progress).toBeNull();
    const grown = playOn(
      reading,
      event({ type: 'text-delta', messageId: 'm4', text: 'Sit ' }),
      event({ type: 'text-delta', messageId: 'm4', text: 'down.' }),
    );
    expect(grown.streaming.get('m4')).toEqual({
      messageId: 'm4',
      text: 'Sit down.',
      reasoning: '',
      tools: [],
      progress: null,
    });
  });

  test('ends once: a late answer of the send cannot reopen it', () => {
    const done = someMessage('m4', { depth: 4, parentId: 'h3', text: 'Sit down.' });
    const ended = playOn(under, event({ type: 'reply-end', messageId: 'm4', state: 'done', message: done }));
    const late = playOn(ended, { type: 'messages-load', messages: [reply], revision: 4, leafId: 'm4' });
    expect(late.streaming.size).toBe(0);
    expect(late.path.at(-1)).toMatchObject({ id: 'm4', state: 'done' });
    expect(playOn(late, event({ type: 'text-delta', messageId: 'm4', text: '!' })).streaming.size).toBe(0);
  });

  test('begins with what it continues', () => {
    const continued = someMessage('m5', { depth: 4, parentId: 'h3', state: 'streaming', text: 'Once upon' });
    const state = playOn(
      under,
      event({ type: 'reply-start', message: continued }),
      event({ type: 'text-delta', messageId: 'm5', text: ' a time' }),
    );
    expect(state.streaming.get('m5')?.text).toBe('Once upon a time');
  });

  test('is taken over from the snapshot by a watcher who comes late', () => {
    const streaming = [{ messageId: 'm4', text: 'Sit', reasoning: '', tools: [], progress: null }];
    const state = play(
      page([...somePath(4), reply], 4),
      snapshot({ leafId: 'm4', revision: 4 }, streaming),
      event({ type: 'text-delta', messageId: 'm4', text: ' down.' }),
    );
    expect(state.streaming.get('m4')?.text).toBe('Sit down.');
    expect(state.stale).toBe(false);
  });

  test('that ended while the watcher was away makes the page ask again', () => {
    expect(playOn(under, snapshot({ leafId: 'm4', revision: 4 })).stale).toBe(true);
  });
});

describe('the path', () => {
  test('moves to a new sibling, and both know of each other', () => {
    const other = someMessage('m2b', { depth: 2, parentId: 'h1', siblings: ['m2', 'm2b'] });
    const state = play(
      page(somePath(3), 2),
      event({ type: 'message-commit', message: other }),
      event({ type: 'conversation-change', conversation: someConversation({ leafId: 'm2b', revision: 3 }) }),
    );
    expect(ids(state)).toEqual(['m0', 'h1', 'm2b']);
    expect(state.known.get('m2')?.siblings).toEqual(['m2', 'm2b']);
  });

  test('whose end is unknown is stale and stays as it was until it is read', () => {
    const moved = play(
      page(somePath(3), 2),
      event({ type: 'conversation-change', conversation: someConversation({ leafId: 'm9', revision: 3 }) }),
    );
    expect(moved.stale).toBe(true);
    expect(ids(moved)).toEqual(['m0', 'h1', 'm2']);
    expect(playOn(moved, { type: 'path-move', revision: 3 }).stale).toBe(true);
  });

  test('ignores news older than what is known', () => {
    const state = play(
      page(somePath(3), 7),
      event({ type: 'conversation-change', conversation: someConversation({ leafId: 'm0', revision: 6 }) }),
    );
    expect(ids(state)).toHaveLength(3);
  });
});

describe('a send', () => {
  const sent = { message: someMessage('h3', { depth: 3, parentId: 'm2', text: 'Hello' }), reply: null, revision: 4 };
  const start: ConversationAction = { type: 'send-start', clientId: 'k1', text: 'Hello', createdAt: 1 };

  test('is shown at once and becomes its message', () => {
    const waiting = play(page(somePath(3), 3), start);
    expect(visiblePending(waiting)).toHaveLength(1);
    const done = playOn(waiting, { type: 'send-end', clientId: 'k1', sent });
    expect(visiblePending(done)).toHaveLength(0);
    expect(ids(done).at(-1)).toBe('h3');
  });

  test('is not shown twice when its event comes before its answer', () => {
    const between = play(
      page(somePath(3), 3),
      start,
      event({ type: 'message-commit', message: sent.message }),
      event({ type: 'conversation-change', conversation: someConversation({ leafId: 'h3', revision: 4 }) }),
    );
    expect(visiblePending(between)).toHaveLength(0);
    expect(ids(between).filter((id) => id === 'h3')).toHaveLength(1);
  });

  test('that fails stays, can be tried again and can be discarded', () => {
    const error = new ApiError({ code: 'unreachable', message: 'x', status: 0, retryable: true });
    const failed = play(page(somePath(3), 3), start, { type: 'send-fail', clientId: 'k1', error });
    expect(visiblePending(failed)[0]).toMatchObject({ state: 'failed', error: { code: 'unreachable' } });
    const again = playOn(failed, start);
    expect(visiblePending(again)).toHaveLength(1);
    expect(visiblePending(again)[0]).toMatchObject({ state: 'sending', error: null });
    expect(visiblePending(playOn(failed, { type: 'send-discard', clientId: 'k1' }))).toHaveLength(0);
  });
});

test('a deleted conversation says so', () => {
  expect(play(event({ type: 'conversation-delete', conversationId: 'c1' })).deleted).toBe(true);
});

test('in a room the same words of somebody else do not stand for what is still being sent', () => {
  const seat = someParticipant('host', { kind: 'human', subjectId: 'u1' });
  const conversation = someConversation({ seatId: 'host', participants: [seat] });
  const sending = play(
    { type: 'conversation-load', conversation },
    { type: 'send-start', clientId: 'x', text: 'Hello', createdAt: 1 },
  );
  const theirs = someMessage('h1', { text: 'Hello', author: { kind: 'human', id: 'u2', name: 'Ana' } });
  const after = playOn(sending, event({ type: 'message-commit', message: theirs }));
  expect(after.pending[0]?.messageId).toBeNull();
  const mine = someMessage('h2', { text: 'Hello', author: { kind: 'human', id: 'u1', name: 'Leo' } });
  const matched = playOn(after, event({ type: 'message-commit', message: mine }));
  expect(matched.pending[0]?.messageId).toBe('h2');
});

describe('what a device kept', () => {
  const kept = { conversation: someConversation({ revision: 3, leafId: 'm4' }), messages: somePath(5), keptAt: 9 };
  const show: ConversationAction = { type: 'kept-load', kept };

  test('is shown until the server answers, and nothing of it stays then', () => {
    const shown = play(show);
    expect(shown.path.map(({ id }) => id)).toEqual(['m0', 'h1', 'm2', 'h3', 'm4']);
    expect([shown.keptAt, shown.loaded]).toEqual([9, false]);
    const read = playOn(shown, page(somePath(5).slice(3), 3));
    expect(read.path.map(({ id }) => id)).toEqual(['h3', 'm4']);
    expect([read.keptAt, read.known.size]).toEqual([null, 2]);
  });

  test('never takes the place of what the server said', () => {
    const read = play(page(somePath(2), 1));
    expect(playOn(read, show)).toBe(read);
  });
});

test('a message that was deleted is no version of the others any more, and is one again when it is restored', () => {
  const siblings = ['m2', 'm2b'];
  const other = someMessage('m2', { depth: 2, parentId: 'h1', siblings });
  const state = play(page([...somePath(2), other], 2));
  const gone = someMessage('m2b', { depth: 2, parentId: 'h1', siblings, deleted: true, parts: [] });
  const after = playOn(state, event({ type: 'message-change', message: gone }));
  expect(after.known.get('m2')?.siblings).toEqual(['m2']);
  const back = playOn(after, event({ type: 'message-change', message: { ...gone, deleted: false } }));
  expect(back.known.get('m2')?.siblings).toEqual(siblings);
});
