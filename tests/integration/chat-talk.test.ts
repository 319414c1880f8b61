import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChangedPath, Message, Receipt } from '../../contract/messages.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { HANGING_WORDS, talkingScript } from './support/scripts.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

const startReply = (conversationId: string, kind: 'regenerate' | 'continue' | 'answer', messageId: string) =>
  house.owner.call<{ reply: Message; revision: number }>('POST', `/api/conversations/${conversationId}/replies`, {
    kind,
    messageId,
  });
const choose = (conversationId: string, messageId: string) =>
  house.owner.call<ChangedPath>('POST', `/api/conversations/${conversationId}/path`, { messageId });
const texts = async (conversationId: string) => (await house.owner.path(conversationId)).map(wordsOf);

describe('a conversation', () => {
  test('begins with its greetings as siblings, the first one chosen, names filled in', async () => {
    const { owner } = house;
    const conversation = await owner.begin();
    const [greeting, ...more] = await owner.path(conversation.id);
    expect(more).toEqual([]);
    expect(greeting).toMatchObject({ depth: 0, parentId: null, state: 'done', author: { kind: 'character' } });
    expect(greeting?.siblings).toHaveLength(3);
    expect(greeting?.siblings[0]).toBe(greeting?.id);
    expect(wordsOf(greeting)).not.toMatch(/\{\{|<user>|<char>/i);
    expect(conversation).toMatchObject({ leafId: greeting?.id, messageCount: 1, titled: false, replying: false });

    const third = greeting!.siblings[2]!;
    const changed = await choose(conversation.id, third);
    expect(changed.revision).toBe(conversation.revision + 1);
    expect((await owner.path(conversation.id)).map(({ id }) => id)).toEqual([third]);
  });

  test('speaks the language it was begun in', async () => {
    const conversation = await house.owner.begin('starter-yanzi', { locale: 'zh-CN' });
    const [greeting] = await house.owner.path(conversation.id);
    expect(wordsOf(greeting)).toMatch(/\p{Script=Han}/u);
    expect(conversation.title).toBe('燕子');
    const english = await house.owner.begin('starter-yanzi', { locale: 'en' });
    expect(wordsOf((await house.owner.path(english.id))[0])).not.toMatch(/\p{Script=Han}/u);
  });

  test('the same clientId begins it once, also at the same moment', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => (await house.owner.begin('starter-mira', { clientId: 'begin-once' })).id),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test('an answer streams, is committed and explains itself', async () => {
    const { owner } = house;
    const conversation = await owner.begin();
    const { sent, reply } = await owner.talk(conversation.id, 'Is the light on tonight?');
    expect(sent.reply).toMatchObject({ state: 'streaming', parts: [], parentId: sent.message.id });
    expect(wordsOf(reply)).toBe('Is the light on tonight?');
    expect(reply).toMatchObject({ state: 'done', failure: null, hasReceipt: true, depth: 2 });
    const receipt = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
    expect(receipt.model).toMatchObject({ ref: 'scripted:test', place: 'scripted' });
    expect(receipt.segments.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['house', 'character', 'opening', 'history', 'message']),
    );
    expect(receipt.tokens.output).toBe(5);
    const after = await owner.conversation(conversation.id);
    expect(after).toMatchObject({ leafId: reply.id, messageCount: 3, preview: 'Is the light on tonight?' });
  });

  test('is renamed, and keeps its name', async () => {
    const { id } = await house.owner.begin();
    const renamed = await house.owner.call('PATCH', `/api/conversations/${id}`, { title: '  Storm stories  ' });
    expect(renamed).toMatchObject({ title: 'Storm stories', titled: true });
    expect(await house.owner.conversation(id)).toMatchObject({ title: 'Storm stories' });
  });

  test('is deleted with undo, and purged for good', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    await owner.say(id, 'one', { reply: false });
    await owner.call('DELETE', `/api/conversations/${id}`);
    expect(await owner.refusal('GET', `/api/conversations/${id}`)).toMatchObject({ status: 404 });
    expect(await owner.refusal('GET', `/api/conversations/${id}/messages`)).toMatchObject({ status: 404 });
    const back = await owner.call('POST', `/api/conversations/${id}/restore`);
    expect(back).toMatchObject({ id, messageCount: 2 });
    const [, said] = await owner.path(id);
    await owner.call('POST', `/api/conversations/${id}/purge`);
    expect(await owner.refusal('POST', `/api/conversations/${id}/restore`)).toMatchObject({ status: 404 });
    expect(await owner.refusal('GET', `/api/messages/${said!.id}`)).toMatchObject({ status: 404 });
  });

  test('deleting it ends the reply under way, which keeps its beginning', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    const sent = await owner.say(id, 'hang');
    await watcher.event('text-delta');
    await owner.call('DELETE', `/api/conversations/${id}`);
    const ended = await watcher.event('reply-end');
    expect(ended).toMatchObject({ messageId: sent.reply!.id, state: 'stopped' });
    await owner.call('POST', `/api/conversations/${id}/restore`);
    expect(HANGING_WORDS.startsWith(wordsOf(await owner.message(sent.reply!.id)))).toBe(true);
  });
});

describe('branches', () => {
  test('regenerating adds siblings and the path follows the newest', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { reply } = await owner.talk(id, 'Tell me');
    const second = await owner.ended(id, (await startReply(id, 'regenerate', reply.id)).reply.id);
    const third = await owner.ended(id, (await startReply(id, 'regenerate', second.id)).reply.id);
    expect(third.siblings).toEqual([reply.id, second.id, third.id]);
    expect((await owner.path(id)).at(-1)?.id).toBe(third.id);
    await choose(id, reply.id);
    await owner.say(id, 'below the first', { reply: false });
    await choose(id, second.id);
    expect((await owner.path(id)).at(-1)?.id).toBe(second.id);
    await choose(id, reply.id);
    expect((await texts(id)).at(-1)).toBe('below the first');
  });

  test('continuing adds a sibling that begins with the same words and goes on', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { reply } = await owner.talk(id, 'One two');
    const started = await startReply(id, 'continue', reply.id);
    expect(wordsOf(started.reply)).toBe('One two');
    const ended = await owner.ended(id, started.reply.id);
    expect(wordsOf(ended)).toBe('One twoOne two'); // the script says the same again
    expect(ended.siblings).toEqual([reply.id, ended.id]);
    expect(wordsOf(await owner.message(reply.id))).toBe('One two');
  });

  test('editing leaves the old words where they were', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { sent, reply } = await owner.talk(id, 'First words');
    const edited = await owner.call<ChangedPath>('POST', `/api/messages/${sent.message.id}/edit`, {
      text: 'Other words',
      reply: true,
    });
    expect(edited.message).toMatchObject({ editOf: sent.message.id, depth: 1 });
    expect(edited.message.siblings).toEqual([sent.message.id, edited.message.id]);
    expect(wordsOf(await owner.ended(id, edited.reply!.id))).toBe('Other words');
    expect(wordsOf(await owner.message(sent.message.id))).toBe('First words');

    const her = await owner.call<ChangedPath>('POST', `/api/messages/${edited.reply!.id}/edit`, { text: 'As I say' });
    expect(her).toMatchObject({ reply: null, message: { author: { kind: 'character' } } });
    expect((await texts(id)).slice(1)).toEqual(['Other words', 'As I say']);
    await choose(id, sent.message.id);
    expect((await owner.path(id)).map((message) => message.id).slice(1)).toEqual([sent.message.id, reply.id]);
  });

  test('a deleted message keeps its place without its words, and comes back', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { sent, reply } = await owner.talk(id, 'Between us');
    const deleted = await owner.call<{ message: Message; revision: number }>(
      'DELETE',
      `/api/messages/${sent.message.id}`,
    );
    expect(deleted.message).toMatchObject({ deleted: true, parts: [] });
    expect((await owner.path(id)).map(({ deleted }) => deleted)).toEqual([false, true, false]);
    expect((await owner.path(id)).map(wordsOf)[1]).toBe('');
    const restored = await owner.call<{ message: Message; revision: number }>(
      'POST',
      `/api/messages/${sent.message.id}/restore`,
    );
    expect(wordsOf(restored.message)).toBe('Between us');
    expect(restored.revision).toBe(deleted.revision + 1);
    expect((await owner.path(id)).map(wordsOf).slice(1)).toEqual(['Between us', wordsOf(reply)]);
  });

  test('the words of a deleted message are not sent to the model', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { sent, reply } = await owner.talk(id, 'My secret is seven');
    await owner.call('DELETE', `/api/messages/${sent.message.id}`);
    await owner.call('DELETE', `/api/messages/${reply.id}`);
    const { reply: next } = await owner.talk(id, 'Go on');
    const receipt = await owner.call<Receipt>('GET', `/api/messages/${next.id}/receipt`);
    expect(receipt.segments.find(({ kind }) => kind === 'history')?.messages).toBe(1); // the greeting alone
  });

  test('a deleted message can be neither edited, chosen nor answered', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { sent } = await owner.talk(id, 'Gone soon');
    await owner.call('DELETE', `/api/messages/${sent.message.id}`);
    expect(await owner.refusal('POST', `/api/messages/${sent.message.id}/edit`, { text: 'x' })).toMatchObject({
      status: 404,
    });
    expect(await owner.refusal('POST', `/api/conversations/${id}/path`, { messageId: sent.message.id })).toMatchObject({
      status: 404,
      field: 'messageId',
    });
  });

  test('only what can be asked for is answered', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { sent, reply } = await owner.talk(id, 'Hello');
    const replies = `/api/conversations/${id}/replies`;
    for (const body of [
      { kind: 'regenerate', messageId: sent.message.id },
      { kind: 'continue', messageId: sent.message.id },
      { kind: 'answer', messageId: sent.message.id },
      { kind: 'answer', messageId: reply.id },
    ]) {
      expect(await owner.refusal('POST', replies, body)).toMatchObject({ status: 400, field: 'messageId' });
    }
    const other = await owner.begin();
    expect(
      await owner.refusal('POST', `/api/conversations/${other.id}/replies`, {
        kind: 'regenerate',
        messageId: reply.id,
      }),
    ).toMatchObject({ status: 404, field: 'messageId' });
    const alone = await owner.say(id, 'Are you there?', { reply: false });
    expect(alone.reply).toBeNull();
    const answered = await startReply(id, 'answer', alone.message.id);
    expect(wordsOf(await owner.ended(id, answered.reply.id))).toBe('Are you there?');
  });
});

describe('who comes first', () => {
  test('the same clientId is one message, one after the other and at the same moment', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const first = await owner.say(id, 'once', { clientId: 'same', reply: false });
    const again = await owner.say(id, 'once more', { clientId: 'same', reply: false });
    expect(again.message).toEqual(first.message);
    const many = await Promise.all(
      Array.from({ length: 10 }, () => owner.say(id, 'together', { clientId: 'same-2', reply: true })),
    );
    expect(new Set(many.map(({ message }) => message.id)).size).toBe(1);
    expect(new Set(many.map(({ reply }) => reply?.id)).size).toBe(1);
    await owner.ended(id, many[0]!.reply!.id);
    expect((await texts(id)).slice(1)).toEqual(['once', 'together', 'once\n\ntogether']);
  });

  test('a repeated send after the talk went on returns its own reply, not what came later', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    await owner.say(id, 'alone', { clientId: 'alone', reply: false });
    await owner.say(id, 'later', { reply: false });
    expect((await owner.say(id, 'alone', { clientId: 'alone', reply: false })).reply).toBeNull();
  });

  test('of two tabs that looked at the same revision, one wins and the other is told', async () => {
    const { owner } = house;
    const { id, revision } = await owner.begin();
    const body = (text: string) => ({ text, clientId: `tab-${text}`, reply: false, expectedRevision: revision });
    const answers = await Promise.all(
      ['a', 'b'].map((text) => owner.ask('POST', `/api/conversations/${id}/messages`, body(text))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ error: { code: 'revision-conflict', details: { revision: revision + 1 } } });
    expect(await owner.path(id)).toHaveLength(2);
    const greeting = (await owner.path(id))[0]!;
    for (const [method, path, more] of [
      ['POST', `/api/conversations/${id}/path`, { messageId: greeting.siblings[1] }],
      ['POST', `/api/conversations/${id}/replies`, { kind: 'regenerate', messageId: greeting.id }],
      ['POST', `/api/messages/${greeting.id}/edit`, { text: 'x' }],
    ] as const) {
      const refusal = await owner.refusal(method, path, { ...more, expectedRevision: revision });
      expect(refusal).toMatchObject({ status: 409, code: 'revision-conflict' });
    }
  });

  test('while a reply is being written the path does not grow, and Stop makes room at once', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const sent = await owner.say(id, 'hang');
    const refusal = await owner.refusal('POST', `/api/conversations/${id}/messages`, { text: 'me', clientId: 'me' });
    expect(refusal).toMatchObject({ status: 409, code: 'reply-running' });
    expect(await owner.refusal('DELETE', `/api/messages/${sent.reply!.id}`)).toMatchObject({ code: 'reply-running' });
    expect(await owner.conversation(id)).toMatchObject({ replying: true });
    await owner.call('POST', `/api/conversations/${id}/stop`);
    await owner.say(id, 'me', { clientId: 'me', reply: false });
    expect((await owner.path(id)).map(({ state }) => state)).toEqual(['done', 'done', 'stopped', 'done']);
  });
});

describe('a model that fails', () => {
  test('leaves a failed reply with its beginning and its reason, and the talk goes on', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { reply } = await owner.talk(id, 'break');
    expect(reply).toMatchObject({
      state: 'failed',
      failure: { code: 'model-cut-off', message: 'The model went away.', retryable: true },
    });
    expect(wordsOf(reply)).toBe('Half an');
    const { reply: next } = await owner.talk(id, 'And now?');
    expect(next.state).toBe('done');
  });

  test('that says nothing at all has failed, and can be continued as if asked anew', async () => {
    const { owner } = house;
    const { id } = await owner.begin();
    const { reply } = await owner.talk(id, 'silent');
    expect(reply).toMatchObject({ state: 'failed', failure: { code: 'empty-reply' }, parts: [] });
    const again = await startReply(id, 'continue', reply.id);
    expect((await owner.ended(id, again.reply.id)).failure).toMatchObject({ code: 'empty-reply' });
  });
});
