import { expect, test } from 'vitest';
import { someParticipant } from '../../../../client/conversation-fixtures.ts';
import { listenersOf, toOf, toggleListener, type Hearing } from './hearing.ts';

const mira = someParticipant('mira', { position: 0 });
const yun = someParticipant('yun', { position: 1 });
const host = someParticipant('host', { kind: 'human', role: 'host', position: 2 });
const gone = someParticipant('gone', { leftAt: 1, position: 3 });
const away = someParticipant('away', { present: false, position: 4 });

test('only those who are there can be whispered to, and never oneself', () => {
  const conversation = { participants: [mira, yun, host, gone, away], seatId: 'host' };
  expect(listenersOf(conversation).map(({ id }) => id)).toEqual(['mira', 'yun']);
});

test('one is taken in and out; nobody left is everybody again', () => {
  const one = toggleListener({ kind: 'aside' }, 'mira');
  expect(one).toEqual({ kind: 'whisper', to: ['mira'] });
  const both = toggleListener(one, 'yun');
  expect(both).toEqual({ kind: 'whisper', to: ['mira', 'yun'] });
  expect(toggleListener(toggleListener(both, 'mira'), 'yun')).toEqual({ kind: 'open' });
});

test('a whisper to somebody who went never becomes words for all', () => {
  const whisper: Hearing = { kind: 'whisper', to: ['mira', 'yun'] };
  expect(toOf(whisper, [yun])).toEqual({ to: ['yun'] });
  expect(toOf(whisper, [])).toEqual({ to: [] });
  expect(toOf({ kind: 'aside' }, [mira])).toEqual({ to: [] });
  expect(toOf({ kind: 'open' }, [mira])).toEqual({});
});
