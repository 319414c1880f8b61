import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import { wordsOf, type Caller, type Method } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;
let id: string;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
  ({ id } = await owner.begin());
});
afterAll(() => house[Symbol.asyncDispose]());

const messages = () => `/api/conversations/${id}/messages`;
const post = (body: string, type = 'application/json') =>
  owner.fetch(messages(), { method: 'POST', headers: { 'content-type': type }, body });
const error = async (response: Response) => ({
  status: response.status,
  ...((await response.json()) as { error: { code: string; field?: string } }).error,
});

describe('requests that are not right', () => {
  test.each([
    ['no JSON', 'Hello', 'invalid-json'],
    ['half of it', '{"text":"Hel', 'invalid-json'],
    ['a key that would reach every object', '{"text":"x","clientId":"c","__proto__":{"reply":false}}', 'invalid-json'],
    ['an empty body', '', 'invalid-input'],
    ['a list', '[]', 'invalid-input'],
    ['null', 'null', 'invalid-input'],
  ])('%s is refused as that', async (_what, body, code) => {
    const before = (await owner.conversation(id)).revision;
    expect(await error(await post(body))).toMatchObject({ status: 400, code });
    expect((await owner.conversation(id)).revision).toBe(before);
  });

  test('another type than JSON is refused', async () => {
    const body = JSON.stringify({ text: 'x', clientId: 'c' });
    expect(await error(await post(body, 'text/plain'))).toMatchObject({ status: 415 });
  });

  test.each([
    ['text', { clientId: 'c' }],
    ['text', { text: '', clientId: 'c' }],
    ['text', { text: ' \n\t ', clientId: 'c' }],
    ['text', { text: '\u0000\u0007\u001b', clientId: 'c' }],
    ['text', { text: 7, clientId: 'c' }],
    ['text', { text: 'x'.repeat(100_001), clientId: 'c' }],
    ['clientId', { text: 'x' }],
    ['clientId', { text: 'x', clientId: '' }],
    ['clientId', { text: 'x', clientId: 'a b' }],
    ['clientId', { text: 'x', clientId: 'x'.repeat(129) }],
    ['clientId', { text: 'x', clientId: 'line\n' }],
    ['expectedRevision', { text: 'x', clientId: 'c', expectedRevision: -1 }],
    ['expectedRevision', { text: 'x', clientId: 'c', expectedRevision: 1.5 }],
    ['expectedRevision', { text: 'x', clientId: 'c', expectedRevision: 1e300 }],
    ['reply', { text: 'x', clientId: 'c', reply: 'yes' }],
    ['audience', { text: 'x', clientId: 'c', audience: [] }],
  ])('a message whose %s is wrong names it', async (field, body) => {
    expect(await owner.refusal('POST', messages(), body)).toMatchObject({ status: 400, field });
  });

  test('a body of more than a mebibyte is refused before it is read', async () => {
    const body = JSON.stringify({ text: 'x'.repeat(1024 * 1024), clientId: 'c' });
    expect(await error(await post(body))).toMatchObject({ status: 413, code: 'too-large' });
    expect(await owner.path(id)).toHaveLength(1);
  });

  test('a client that goes away in the middle of its body leaves nothing', async () => {
    const before = await owner.conversation(id);
    const token = await new Promise<Error>((resolve) => {
      const { hostname, port } = new URL(house.address);
      const call = request({ hostname, port, path: messages(), method: 'POST', headers: { 'content-length': '5000' } });
      call.on('error', resolve);
      call.write('{"text":"', () => call.destroy(new Error('gone')));
    });
    expect(token.message).toBe('gone');
    expect(await owner.conversation(id)).toEqual(before);
  });

  test('a message of the largest length is taken whole', async () => {
    const { id: own } = await owner.begin();
    const text = '灯'.repeat(100_000);
    const { message } = await owner.say(own, text, { reply: false });
    expect(wordsOf(await owner.message(message.id))).toBe(text);
  });
});

describe('what people write', () => {
  test.each([
    ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈 👍🏽 🇨🇳', undefined],
    ['combining marks', 'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢ é é ẹ̣̣', undefined],
    ['right to left', 'שלום \u202eabc\u202c مرحبا', undefined],
    ['rare Han and kana', '𠮷野家 ｶﾞ が', undefined],
    ['quotes, markup and SQL', `'); drop table "message"; -- <script>alert(1)</script> {{char}} \\ %`, undefined],
    ['tabs and lines', 'a\tb\n\nc', undefined],
    ['other line ends', 'a\r\nb\rc', 'a\nb\nc'],
    ['control characters', 'a\u0000b\u0008c\u001bd\u007fe', 'abcde'],
    ['half a surrogate pair', 'a\ud83d b \ude00c', 'a\ufffd b \ufffdc'],
  ])('%s come back as they were meant', async (_what, text, kept = text) => {
    const { id: own } = await owner.begin();
    const { sent, reply } = await owner.talk(own, text);
    expect(wordsOf(await owner.message(sent.message.id))).toBe(kept);
    expect(reply.state).toBe('done');
    expect((await owner.conversation(own)).preview).toBe((await owner.conversation(own)).preview.toWellFormed());
    const edited = await owner.call<{ message: Message }>('POST', `/api/messages/${reply.id}/edit`, { text });
    expect(wordsOf(edited.message)).toBe(kept);
  });

  test('a preview is never cut through a character', async () => {
    const { id: own } = await owner.begin();
    await owner.say(own, `${'x'.repeat(139)}😀😀`, { reply: false });
    expect((await owner.conversation(own)).preview).toBe('x'.repeat(139));
  });

  test('a title keeps its emoji and loses its control characters', async () => {
    const renamed = await owner.call('PATCH', `/api/conversations/${id}`, { title: '🌊\u0000 Stürme' });
    expect(renamed).toMatchObject({ title: '🌊 Stürme' });
    for (const title of ['', '   ', '\u0007', 'x'.repeat(201), null, 5]) {
      const refusal = await owner.refusal('PATCH', `/api/conversations/${id}`, { title });
      expect(refusal).toMatchObject({ status: 400, field: 'title' });
    }
  });

  test('a model reference that cannot be one is refused', async () => {
    for (const model of ['a\u0000b', 'x'.repeat(301), '', 'two\nlines']) {
      const refusal = await owner.refusal('PATCH', `/api/conversations/${id}`, { model });
      expect(refusal).toMatchObject({ status: 400, field: 'model' });
    }
  });
});

describe('ids of nothing', () => {
  const cases: [Method, string, unknown?][] = [
    ['GET', '/api/conversations/nothing'],
    ['PATCH', '/api/conversations/nothing', { title: 'x' }],
    ['DELETE', '/api/conversations/nothing'],
    ['POST', '/api/conversations/nothing/restore'],
    ['POST', '/api/conversations/nothing/purge'],
    ['POST', '/api/conversations/nothing/warm'],
    ['POST', '/api/conversations/nothing/stop'],
    ['GET', '/api/conversations/nothing/events'],
    ['GET', '/api/conversations/nothing/messages'],
    ['POST', '/api/conversations/nothing/messages', { text: 'x', clientId: 'c' }],
    ['POST', '/api/conversations/nothing/replies', { kind: 'answer', messageId: 'nothing' }],
    ['POST', '/api/conversations/nothing/path', { messageId: 'nothing' }],
    ['GET', '/api/messages/nothing'],
    ['POST', '/api/messages/nothing/edit', { text: 'x' }],
    ['DELETE', '/api/messages/nothing'],
    ['POST', '/api/messages/nothing/restore'],
    ['GET', '/api/messages/nothing/receipt'],
    ['POST', '/api/conversations', { characterId: 'nothing' }],
  ];
  test.each(cases)('%s %s is not found', async (method, path, body) => {
    expect(await owner.refusal(method, path, body)).toMatchObject({ status: 404, code: 'not-found' });
  });

  test.each(['a%20b', '%00', '..%2f..%2fetc', 'x'.repeat(200), "'%20or%201=1", '%F0%9F%98%80'])(
    'the impossible id %s is refused as such',
    async (bad) => {
      expect(await owner.refusal('GET', `/api/conversations/${bad}`)).toMatchObject({ status: 400, field: 'id' });
      expect(await owner.refusal('GET', `/api/messages/${bad}`)).toMatchObject({ status: 400, field: 'id' });
    },
  );

  test.each(['?limit=0', '?limit=201', '?limit=x', '?before=a%20b', '?limit=1e9'])(
    'the page %s is refused',
    async (query) => {
      expect(await owner.refusal('GET', messages() + query)).toMatchObject({ status: 400 });
    },
  );

  test('a page before a message of elsewhere is not found', async () => {
    const other = await owner.begin();
    expect(await owner.refusal('GET', `${messages()}?before=${other.leafId}`)).toMatchObject({
      status: 404,
      field: 'before',
    });
  });

  test.each(['x', '1', ':', '1:', '-5:a', '99999999999999999:a', '1:a%20b', '%00:%00'])(
    'the cursor %s is refused',
    async (cursor) => {
      const refusal = await owner.refusal('GET', `/api/conversations?cursor=${cursor}`);
      expect(refusal).toMatchObject({ status: 400, field: 'cursor' });
    },
  );
});
