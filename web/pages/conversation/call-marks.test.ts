import { expect, test } from 'vitest';
import type { Message, MessagePart } from '../../../contract/messages.ts';
import { someMessage } from '../../../client/conversation-fixtures.ts';
import { callMarks } from './call-marks.ts';

const voice = (callId: string | null, durationInMs: number): MessagePart => ({
  type: 'voice',
  callId,
  recorded: false,
  durationInMs,
  interrupted: false,
});
const message = (id: string, createdAt: number, ...parts: MessagePart[]): Message =>
  someMessage(id, {
    createdAt,
    author: { kind: id.startsWith('r') ? 'character' : 'human', id: 'a', name: 'A' },
    parts: [{ type: 'text', text: id }, ...parts],
  });

test('a call is marked once, above its first words, from their beginning to the end of the last', () => {
  const path = [
    message('written', 0),
    message('m1', 5_000, voice('c1', 2_000)),
    message('r1', 5_500, voice('c1', 4_000)),
    message('typed', 10_000),
    message('r2', 11_000, voice('c1', 9_000)),
    message('m2', 90_000, voice('c2', 1_000)),
  ];
  expect([...callMarks(path)]).toEqual([
    ['m1', { callId: 'c1', startedAt: 3_000, durationInMs: 17_000 }],
    ['m2', { callId: 'c2', startedAt: 89_000, durationInMs: 1_000 }],
  ]);
});

test('a voice message is no call', () => {
  expect(callMarks([message('m', 0, voice(null, 1_000))]).size).toBe(0);
});
