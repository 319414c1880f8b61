// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { useEffect, useState, type ReactNode } from 'react';
import { expect, test, vi } from 'vitest';
import { someParticipant } from '../../../client/conversation-fixtures.ts';
import { renderPage } from '../../testing/render-page.tsx';
import { CallCaptions } from './call-captions.tsx';
import { CallCast } from './call-cast.tsx';
import { CallNotice } from './call-notice.tsx';
import { callRoomOf, calledName, type CalledConversation } from './call-room.ts';
import { IDLE, wordOf } from './call-session.ts';
import { EMPTY_CALL, reduceCall, type CallView } from './call-view.ts';

const conversation = {
  character: { name: 'Mira' },
  room: {},
  participants: [
    someParticipant('Mira'),
    someParticipant('Yun'),
    someParticipant('Orrin', { present: false }),
    someParticipant('Lena', { leftAt: 1 }),
    someParticipant('Host', { kind: 'human', role: 'host' }),
    someParticipant('Guest', { kind: 'human' }),
  ],
} as unknown as CalledConversation;

const ids = { event_id: 'e', response_id: 'r', item_id: 'r1' };
const speaking = (replyId: string, name: string, before: CallView = EMPTY_CALL): CallView =>
  [
    { type: 'link-change', link: 'open' } as const,
    { type: 'state-change', state: 'speaking' } as const,
    { type: 'reply-start', replyId } as const,
    { type: 'speaker-name', replyId, speaker: { id: name, name } } as const,
  ].reduce(reduceCall, before);
const lit = () =>
  screen
    .getAllByRole('listitem')
    .filter((item) => item.getAttribute('aria-current') === 'true')
    .map((item) => item.textContent);

/** Shows one thing after another in the same place. */
async function showFirst(first: ReactNode): Promise<(next: ReactNode) => void> {
  const place = { change: (_next: ReactNode): void => undefined };
  function Place() {
    const [shown, setShown] = useState(first);
    useEffect(() => void Object.assign(place, { change: setShown }), []);
    return shown;
  }
  await renderPage(<Place />);
  return (next) => act(() => place.change(next));
}

function roomOf(of: CalledConversation) {
  const room = callRoomOf(of);
  if (room === null) throw new Error('no room');
  return room;
}

test('shows the characters who are there, lights whoever speaks, and says so once', async () => {
  const room = roomOf(conversation);
  const show = await showFirst(<CallCast room={room} view={EMPTY_CALL} />);
  const list = screen.getByRole('list', { name: 'In the call' });
  expect(
    within(list)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toEqual(['Mira', 'Yun']);
  expect(lit()).toEqual([]);
  expect(screen.getByRole('status').textContent).toBe('');

  const first = speaking('r1', 'Mira');
  show(<CallCast room={room} view={first} />);
  expect(lit()).toEqual(['Mira']);
  expect(screen.getByRole('status').textContent).toBe('Mira is speaking');

  // In the pause nobody is lit, and what was announced stays, so that the same voice is not announced anew.
  show(<CallCast room={room} view={reduceCall(first, { type: 'state-change', state: 'listening' })} />);
  expect(lit()).toEqual([]);
  expect(screen.getByRole('status').textContent).toBe('Mira is speaking');

  show(<CallCast room={room} view={speaking('r2', 'Yun', first)} />);
  expect(lit()).toEqual(['Yun']);
  expect(screen.getByRole('status').textContent).toBe('Yun is speaking');
});

test('says that other people are not in the call, where there are some', async () => {
  const alone = { ...conversation, participants: conversation.participants.filter(({ id }) => id !== 'Guest') };
  const show = await showFirst(<CallCast room={roomOf(conversation)} view={EMPTY_CALL} />);
  expect(screen.getByText('Other people of the room are not in the call')).toBeTruthy();
  show(<CallCast room={roomOf(alone)} view={EMPTY_CALL} />);
  expect(screen.queryByText('Other people of the room are not in the call')).toBeNull();
});

test('one character alone is called as before', () => {
  const single = { ...conversation, room: null };
  expect(callRoomOf(single)).toBeNull();
  expect(calledName(single)).toBe('Mira');
  expect(calledName(conversation)).toBe('Mira and Yun');
});

test('captions name the speaker of a room, and nobody else', async () => {
  const clause = { type: 'clause-start', replyId: 'r1', clause: 0, text: 'Come in.', positionInMs: 0 } as const;
  const sounded = { type: 'sounded', replyId: 'r1', positionInMs: 10 } as const;
  const captions = (view: CallView) => <CallCaptions view={view} shown large={false} lang="en" />;
  const show = await showFirst(captions([clause, sounded].reduce(reduceCall, speaking('r1', 'Mira'))));
  expect(screen.getByTestId('caption').textContent).toBe('Mira:Come in.');
  show(captions([clause, sounded].reduce(reduceCall, EMPTY_CALL)));
  expect(screen.getByTestId('caption').textContent).toBe('Come in.');
});

test('reads who speaks, and that voices are shared, from what the house says', () => {
  const speaker = { id: 'p1', name: 'Mira' };
  const named = { type: 'speaker-name', replyId: 'r1', speaker };
  expect(wordOf({ type: 'everwith.speaker.named', ...ids, speaker })).toEqual(named);
  const item = { id: 'r1', object: 'realtime.item', type: 'message', role: 'assistant', status: 'completed' } as const;
  const done = { event_id: 'e', type: 'response.output_item.done', response_id: 'r', output_index: 0 } as const;
  expect(wordOf({ ...done, item: { ...item, content: [], everwith: { speaker } } })).toEqual(named);
  expect(wordOf({ ...done, item: { ...item, content: [] } })).toBeNull();
  const error = {
    type: 'server_error',
    code: 'voice-shared',
    message: 'Few voices.',
    param: null,
    event_id: null,
  } as const;
  expect(wordOf({ event_id: 'e', type: 'error', error })).toEqual({ type: 'notice', code: 'voice-shared' });
});

test('shared voices are told calmly and can be closed; what is in the way comes first', async () => {
  const close = vi.fn<() => void>();
  const view = reduceCall(EMPTY_CALL, { type: 'notice', code: 'voice-shared' });
  const notice = (shown: CallView) => (
    <CallNotice
      state={{ ...IDLE, view: shown, microphone: { open: true, problem: null } }}
      onRetryMicrophone={() => undefined}
      onResume={() => undefined}
      onDismiss={() => undefined}
      onDismissNotice={close}
    />
  );
  const show = await showFirst(notice(view));
  expect(screen.getByRole('status').textContent).toContain('Some voices sound alike');
  expect(screen.queryByRole('alert')).toBeNull();
  screen.getByRole('button', { name: 'Close' }).click();
  expect(close).toHaveBeenCalledOnce();
  const failure = { stage: 'thinking', code: 'x', message: 'Away.', retryable: true } as const;
  show(notice({ ...view, failure }));
  expect((await screen.findByRole('alert')).textContent).toContain('No answer came');
});
