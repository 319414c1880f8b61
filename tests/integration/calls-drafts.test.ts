import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SpokenTimings } from '../../contract/voice.ts';
import type { HeardReply, SpokenTurn } from '../../src/features/chat/spoken-turn.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { isFull } from './support/test-database.ts';

/** Random places at which replies are cut. */
const cuts = isFull ? 1000 : 120;
const SENTENCES = ['The lamp turns.', ' The sea is calm tonight,', ' and nobody comes.', ' Sleep well, sailor.'];

const timings: SpokenTimings = {
  profile: 'normal',
  turnEndInMs: 300,
  transcriptInMs: 200,
  firstTokenInMs: 400,
  firstClauseInMs: 420,
  firstAudioInMs: 500,
  firstFrameOutInMs: 500,
  heardInMs: 520,
  drafts: 1,
  savedInMs: 0,
  interrupted: false,
};

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'slow' }, steps: [{ type: 'tokens', tokens: SENTENCES, delayInMs: 30 }] },
        { when: { matches: 'hang$' }, steps: [{ type: 'tokens', tokens: ['The lamp'] }, { type: 'hang' }] },
        {
          when: { contains: 'break' },
          steps: [
            { type: 'tokens', tokens: ['Half'] },
            { type: 'error', code: 'model-cut-off', message: 'The model went away.' },
          ],
        },
        { when: { contains: 'lamp' }, steps: [{ type: 'tokens', tokens: SENTENCES }] },
      ],
      otherwise: 'echo',
    },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

function draft(conversationId: string, text: string, more: { signal?: AbortSignal; onStop?: () => void } = {}) {
  return house.app.spokenTurns.begin({
    actor: house.app.accounts.terminalActor,
    conversationId,
    callId: 'call-1',
    text,
    how: 'spoken',
    style: { instructions: null },
    signal: new AbortController().signal,
    onStop: () => undefined,
    ...more,
  });
}

const said = (text: string) => ({ text, durationInMs: 900, recorded: false });
const outcome = (state: HeardReply['state'], heard: string): HeardReply => ({
  state,
  heard,
  durationInMs: 1000,
  timings: { ...timings, interrupted: state === 'interrupted' },
  failure: null,
});

async function collect(turn: SpokenTurn): Promise<string> {
  let words = '';
  for await (const word of turn.words) words += word;
  return words;
}

/** That a model worked is known of a discarded draft too: it has to be paid for. */
async function eventCount() {
  const { db } = house.app.storage;
  const events = await db.selectFrom('event').select('type').where('type', '!=', 'model-use').execute();
  return events.length;
}

async function counts() {
  const { db } = house.app.storage;
  const count = async (table: 'message' | 'promptRecord' | 'receipt' | 'turnState') =>
    Number(
      (
        await db
          .selectFrom(table)
          .select(({ fn }) => fn.countAll().as('count'))
          .executeTakeFirstOrThrow()
      ).count,
    );
  return {
    message: await count('message'),
    promptRecord: await count('promptRecord'),
    receipt: await count('receipt'),
    turnState: await count('turnState'),
    event: await eventCount(),
  };
}

const tail = async (id: string) =>
  (await house.owner.path(id)).slice(1).map((message) => [message.author.kind, wordsOf(message), message.state]);

describe('a draft', () => {
  test('that is discarded was never there', async () => {
    const { id } = await house.owner.begin();
    const before = { counts: await counts(), conversation: await house.owner.conversation(id) };
    const turn = draft(id, 'Tell me of the lamp');
    expect(await collect(turn)).toBe(SENTENCES.join(''));
    turn.discard();
    const hanging = draft(id, 'hang');
    const first = await hanging.words[Symbol.asyncIterator]().next();
    expect(first.value).toBe('The lamp');
    hanging.discard();
    await collect(draft(id, 'and once more the lamp')).catch(() => undefined);
    expect({ counts: await counts(), conversation: await house.owner.conversation(id) }).toEqual(before);
    // The next prompt has none of the words that were dropped.
    const kept = draft(id, 'Which lamp?');
    await collect(kept);
    const { replyMessageId } = await kept.confirm(said('Which lamp?'));
    kept.heard(SENTENCES.join(''));
    await kept.end(outcome('done', SENTENCES.join('')));
    const prompt = JSON.stringify(await house.owner.call('GET', `/api/messages/${replyMessageId}/prompt`));
    expect(prompt).toContain('Which lamp?');
    expect(prompt).not.toContain('once more');
    expect(prompt).not.toContain('Tell me of');
  });

  test('that counts keeps the prompt exactly as it was sent', async () => {
    const { id } = await house.owner.begin();
    const turn = draft(id, 'The lamp');
    await collect(turn);
    const { messageId, replyMessageId } = await turn.confirm(said('The lamp'));
    await turn.end(outcome('done', SENTENCES.join('')));
    const prompt = await house.owner.call<{ exact: boolean; messages: { pieces: { text: string }[] }[] }>(
      'GET',
      `/api/messages/${replyMessageId}/prompt`,
    );
    expect(prompt.exact).toBe(true);
    expect(prompt.messages.at(-1)?.pieces.at(-1)?.text).toContain('The lamp');
    expect((await house.owner.message(messageId ?? '')).parts.at(-1)).toMatchObject({
      type: 'voice',
      durationInMs: 900,
    });
  });

  test('that was answered to other words than are kept says what was sent', async () => {
    const { id } = await house.owner.begin();
    const turn = draft(id, 'the lamp');
    await collect(turn);
    const { messageId, replyMessageId } = await turn.confirm(said('The lamp!'));
    await turn.end(outcome('done', SENTENCES.join('')));
    expect(wordsOf(await house.owner.message(messageId ?? ''))).toBe('The lamp!');
    const prompt = await house.owner.call<{ exact: boolean; messages: { pieces: { text: string }[] }[] }>(
      'GET',
      `/api/messages/${replyMessageId}/prompt`,
    );
    expect(prompt.exact).toBe(true);
    expect(prompt.messages.at(-1)?.pieces.at(-1)?.text).toContain('the lamp');
  });

  test('whose model fails keeps what the person said, and the reason', async () => {
    const { id } = await house.owner.begin();
    const turn = draft(id, 'break');
    await expect(collect(turn)).rejects.toMatchObject({ code: 'model-cut-off' });
    await turn.confirm(said('break'));
    const failure = { code: 'model-cut-off', message: 'The model went away.', retryable: true };
    await turn.end({ ...outcome('failed', 'Half'), failure });
    const [, reply] = (await house.owner.path(id)).slice(-2);
    expect(reply).toMatchObject({ state: 'failed', failure: { code: 'model-cut-off' } });
    expect(wordsOf(reply)).toBe('Half');
  });
});

describe('the path', () => {
  test('that moved before a word was written is followed, and read anew', async () => {
    const { id } = await house.owner.begin();
    await house.owner.talk(id, 'First');
    const turn = draft(id, 'slow');
    await house.owner.talk(id, 'Second');
    const { replyMessageId } = await turn.confirm(said('slow'));
    const words = await collect(turn);
    await turn.end(outcome('done', words));
    expect((await tail(id)).map(([, words]) => words)).toEqual(['First', 'First', 'Second', 'Second', 'slow', words]);
    expect(words).toBe(SENTENCES.join(''));
    const prompt = await house.owner.call<{ exact: boolean }>('GET', `/api/messages/${replyMessageId}/prompt`);
    expect(prompt.exact).toBe(true);
  });

  test('that moved after words were written keeps them where it ends now', async () => {
    const { id } = await house.owner.begin();
    const turn = draft(id, 'The lamp');
    const words = await collect(turn);
    await house.owner.talk(id, 'Second');
    await turn.confirm(said('The lamp'));
    await turn.end(outcome('done', words));
    expect((await tail(id)).map(([, words]) => words)).toEqual(['Second', 'Second', 'The lamp', words]);
  });

  test('on which a reply is being written is waited for', async () => {
    const { id } = await house.owner.begin();
    await house.owner.say(id, 'slow');
    const turn = draft(id, 'The lamp');
    const words = await collect(turn);
    await turn.confirm(said('The lamp'));
    await turn.end(outcome('done', words));
    expect((await tail(id)).map(([, words]) => words)).toEqual(['slow', SENTENCES.join(''), 'The lamp', words]);
  });

  test('of a conversation that was purged takes nothing, and says so', async () => {
    const { id } = await house.owner.begin();
    const turn = draft(id, 'The lamp');
    await collect(turn);
    await house.owner.call('POST', `/api/conversations/${id}/purge`);
    await expect(turn.confirm(said('The lamp'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('a reply of which nothing was heard is not in the conversation, and its watchers know', async () => {
  const { id } = await house.owner.begin();
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const turn = draft(id, 'hang');
  await turn.confirm(said('hang'));
  const { message } = await watcher.event('reply-start');
  await turn.end(outcome('interrupted', ''));
  const gone = await watcher.event('reply-end', (event) => event.messageId === message.id);
  expect(gone.message.deleted).toBe(true);
  expect(await tail(id)).toEqual([['human', 'hang', 'done']]);
  expect((await house.owner.conversation(id)).leafId).toBe((await house.owner.path(id)).at(-1)?.id);
  // The talk goes on from there, spoken or written.
  const { reply } = await house.owner.talk(id, 'Still there?');
  expect(wordsOf(reply)).toBe('hang\n\nStill there?');
});

test(`${cuts} random cuts leave nothing in the history that was not heard`, { timeout: 300_000 }, async () => {
  const { id } = await house.owner.begin();
  const whole = SENTENCES.join('');
  const ends = SENTENCES.map((_, index) => SENTENCES.slice(0, index).join('').length);
  const expected: string[] = [];
  for (let cut = 0; cut < cuts; cut += 1) {
    // Whole clauses, or within one where the device says so.
    const length = cut % 2 === 0 ? ends[cut % ends.length]! : Math.floor(Math.random() * whole.length);
    const heard = whole.slice(0, length);
    const text = `lamp ${cut}`;
    const turn = draft(id, text);
    await turn.words[Symbol.asyncIterator]().next();
    await turn.confirm(said(text));
    for (const end of ends) if (end > 0 && end <= length) turn.heard(whole.slice(0, end));
    await turn.end(outcome(cut % 3 === 0 ? 'stopped' : 'interrupted', heard));
    expected.push(text);
    if (heard.trim() !== '') expected.push(heard.trimEnd());
  }
  const path = (await house.owner.path(id)).slice(1);
  expect(path.map(wordsOf)).toEqual(expected);
  const replies = path.filter(({ author }) => author.kind === 'character');
  expect(replies.every(({ state, parts }) => state === 'stopped' && parts.some((part) => part.type === 'voice'))).toBe(
    true,
  );
  const { db } = house.app.storage;
  const open = await db.selectFrom('message').select('id').where('state', '=', 'streaming').execute();
  expect(open).toEqual([]);
});
