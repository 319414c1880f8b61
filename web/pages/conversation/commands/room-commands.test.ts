import type { TFunction } from 'i18next';
import { expect, test, vi } from 'vitest';
import type { SendOptions } from '../../../../client/conversation-session.ts';
import { someConversation, someParticipant } from '../../../../client/conversation-fixtures.ts';
import type { RoomSettings } from '../../../../contract/rooms.ts';
import { findCommand } from './slash-command.ts';
import { roomCommands } from './room-commands.ts';

const t = ((key: string) => key) as unknown as TFunction<'compose'>;

function write(text: string) {
  const send = vi.fn<(text: string, options: SendOptions) => void>();
  const participants = [someParticipant('Mira'), someParticipant('me', { kind: 'human' })];
  const conversation = someConversation({ room: {} as RoomSettings, seatId: 'me', participants });
  const describe = (id: string) => ({ id, name: id, description: id });
  const options = { conversation, describe, t, send, guard: async () => null, path: [], replying: false, steers: true };
  const written = findCommand(text, roomCommands(options));
  return { send, outcome: written?.command.run(written.argument) };
}

test('a whisper and an aside go through the outbox, where they wait for a network', () => {
  expect(write('/whisper Mira not so loud').send.mock.calls).toEqual([['not so loud', { to: ['Mira'] }]]);
  expect(write('/aside She knows.').send.mock.calls).toEqual([['She knows.', { to: [] }]]);
});

test('a whisper to nobody there, or without words, is sent nowhere and says why', () => {
  const { send, outcome } = write('/whisper Bosun psst');
  expect([send.mock.calls, outcome]).toEqual([[], 'unknownName']);
  expect(write('/whisper Mira').outcome).toBe('noWords');
});
