import { expect, test } from 'vitest';
import { createCalmLook } from './calm-state.ts';
import { someMessage } from './conversation-fixtures.ts';
import { emptyConversationState, reduceConversation, type ConversationState } from './conversation-state.ts';

const started = reduceConversation(emptyConversationState, {
  type: 'event',
  event: { type: 'reply-start', message: someMessage('m1', { state: 'streaming', parts: [] }) },
});

test('words that grow leave the look as it is; all else changes it', () => {
  let state: ConversationState = started;
  const look = createCalmLook(() => state);
  const play = (event: Parameters<typeof reduceConversation>[1]) => (state = reduceConversation(state, event));
  const first = look();
  expect(first).toBe(started);
  play({ type: 'event', event: { type: 'text-delta', messageId: 'm1', text: 'The' } });
  play({ type: 'event', event: { type: 'reasoning-delta', messageId: 'm1', text: 'Hm' } });
  expect(look()).toBe(first);
  expect(state.streaming.get('m1')?.text).toBe('The');

  play({ type: 'event', event: { type: 'presence-change', presence: [] } });
  const second = look();
  expect(second).toBe(state);
  play({ type: 'event', event: { type: 'text-delta', messageId: 'm1', text: ' tide' } });
  expect(look()).toBe(second);

  const part = { type: 'tool', callId: 'c1' } as never;
  play({ type: 'event', event: { type: 'tool-change', messageId: 'm1', at: 3, part } });
  expect(look()).toBe(state);
  play({
    type: 'event',
    event: { type: 'reply-end', messageId: 'm1', state: 'done', message: someMessage('m1', { state: 'done' }) },
  });
  expect(look()).toBe(state);
  expect(look().streaming.size).toBe(0);
});
