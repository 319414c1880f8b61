import { expect, test } from 'vitest';
import { EMPTY_CALL, captionOf, reduceCall, speakerOf, type CallWord } from './call-view.ts';

const after = (...words: CallWord[]) => words.reduce(reduceCall, EMPTY_CALL);
const REPLY: CallWord[] = [
  { type: 'reply-start', replyId: 'r1' },
  { type: 'clause-start', replyId: 'r1', clause: 0, text: 'Come in,', positionInMs: 0 },
  { type: 'clause-start', replyId: 'r1', clause: 1, text: ' and shut the door.', positionInMs: 900 },
];

test('a caption begins with its sound, not with its arrival', () => {
  expect(captionOf(after(...REPLY))).toEqual({ before: '', now: '' });
  const first = after(...REPLY, { type: 'sounded', replyId: 'r1', positionInMs: 100 });
  expect(captionOf(first)).toEqual({ before: '', now: 'Come in,' });
  const second = reduceCall(first, { type: 'sounded', replyId: 'r1', positionInMs: 950 });
  expect(captionOf(second)).toEqual({ before: 'Come in,', now: ' and shut the door.' });
});

test('marks of narration and emphasis are not shown, for nobody says them', () => {
  const clause: CallWord = {
    type: 'clause-start',
    replyId: 'r1',
    clause: 0,
    text: '*She turns.*\n\nYou rowed **here** in _this_, snake_case?',
    positionInMs: 0,
  };
  const view = after({ type: 'reply-start', replyId: 'r1' }, clause, {
    type: 'sounded',
    replyId: 'r1',
    positionInMs: 1,
  });
  expect(captionOf(view).now).toBe('She turns. You rowed here in this, snake_case?');
});

test('the position only grows, and another reply leaves it alone', () => {
  const view = after(
    ...REPLY,
    { type: 'sounded', replyId: 'r1', positionInMs: 950 },
    { type: 'sounded', replyId: 'r1', positionInMs: 300 },
    { type: 'sounded', replyId: 'r0', positionInMs: 9000 },
  );
  expect(view.reply?.soundedInMs).toBe(950);
});

test('a clause after a reconnection begins its reply, and is not doubled', () => {
  const clause: CallWord = { type: 'clause-start', replyId: 'r2', clause: 3, text: 'again', positionInMs: 5000 };
  expect(after(clause, clause).reply?.clauses).toHaveLength(1);
});

test('a reply that is told again after a reconnection keeps what has sounded', () => {
  const view = after(...REPLY, { type: 'sounded', replyId: 'r1', positionInMs: 950 }, ...REPLY);
  expect(view.reply).toMatchObject({ soundedInMs: 950, clauses: [{ clause: 0 }, { clause: 1 }] });
});

test('a cough takes back what was thought to be heard, a kept turn stays', () => {
  const guess: CallWord = { type: 'transcript', turnId: 't1', text: 'uh', final: false };
  expect(after(guess, { type: 'speech-dismiss', turnId: 't1' }).heard).toBeNull();
  const kept: CallWord = { type: 'transcript', turnId: 't1', text: 'Hello.', final: true };
  expect(after(kept, { type: 'speech-dismiss', turnId: 't1' }).heard?.text).toBe('Hello.');
});

test('a new reply takes the last failure away', () => {
  const failure = { stage: 'thinking', code: 'provider-unavailable', message: 'Away.', retryable: true } as const;
  expect(after({ type: 'failure', failure }).failure).toEqual(failure);
  expect(after({ type: 'failure', failure }, { type: 'reply-start', replyId: 'r' }).failure).toBeNull();
});

const MIRA = { id: 'p1', name: 'Mira' };
const SPEAKING: CallWord[] = [
  { type: 'link-change', link: 'open' },
  { type: 'state-change', state: 'speaking' },
];

test('a reply has the speaker it was told, the next one has none until it is told', () => {
  const named: CallWord = { type: 'speaker-name', replyId: 'r1', speaker: MIRA };
  const first = after({ type: 'reply-start', replyId: 'r1' }, named, ...REPLY.slice(1));
  expect(first.reply).toMatchObject({ id: 'r1', speaker: MIRA, clauses: [{ clause: 0 }, { clause: 1 }] });
  // Told again after a reconnection, it keeps its own.
  expect(reduceCall(first, { type: 'reply-start', replyId: 'r1' }).reply?.speaker).toEqual(MIRA);
  const second = reduceCall(first, { type: 'reply-start', replyId: 'r2' });
  expect(second.reply?.speaker).toBeNull();
  // What is told late of the one before does not name this one.
  expect(reduceCall(second, named)).toBe(second);
});

test('somebody speaks only while the call sounds', () => {
  const named = after(...REPLY, { type: 'speaker-name', replyId: 'r1', speaker: MIRA });
  expect(speakerOf(named)).toBeNull();
  const speaking = SPEAKING.reduce(reduceCall, named);
  expect(speakerOf(speaking)).toEqual(MIRA);
  expect(speakerOf(reduceCall(speaking, { type: 'state-change', state: 'listening' }))).toBeNull();
  expect(speakerOf(reduceCall(speaking, { type: 'link-change', link: 'reconnecting' }))).toBeNull();
  expect(speakerOf(reduceCall(speaking, { type: 'reply-interrupt', replyId: 'r1' }))).toBeNull();
});

test('with one character nobody is named', () => {
  expect(speakerOf(after(...REPLY, ...SPEAKING))).toBeNull();
});

test('a notice is no failure: it stays over replies, and once closed does not come again', () => {
  const notice: CallWord = { type: 'notice', code: 'voice-shared' };
  const told = after(notice, { type: 'failure-dismiss' }, ...REPLY);
  expect(told).toMatchObject({ failure: null, notice: { code: 'voice-shared', open: true } });
  const closed = reduceCall(reduceCall(told, { type: 'notice-dismiss' }), notice);
  expect(closed.notice?.open).toBe(false);
});
