import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../contract/messages.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { samplePdf } from '../support/sample-files.ts';
import { attach } from './support/attach.ts';
import { wordsOf } from './support/caller.ts';
import { pngPixel } from './support/card-files.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

const says = (contains: string, text: string) => ({
  when: { contains },
  steps: [{ type: 'tokens' as const, tokens: [text] }],
});
const script: ScriptInput = {
  contextLength: 4000,
  seesPictures: true,
  embeddings: [{ synonyms: [['herring', 'fish']] }],
  rules: [
    says('foghorn', 'It was bought in 1931 [1], they say [77].'),
    says('whale', 'No file says so.'),
    says('yard', 'It came from Leith and was paid for with herring.'),
    says('again', 'Yes.'),
    says('picture', 'A cat.'),
    says('small', 'Ten [1].'),
  ],
};

let house: ChatHouse;
beforeAll(async () => {
  house = await openHouse({ script });
});
afterAll(() => house[Symbol.asyncDispose]());

/** Pages about nothing, with one that tells something. */
const book = samplePdf(
  Array.from({ length: 60 }, (_, page) =>
    page === 41
      ? ['The foghorn was bought in 1931 from a yard in Leith,', 'and paid for with herring.']
      : Array.from(
          { length: 12 },
          (_unused, line) => `Entry ${page}-${line}: wind from the west, sea moderate, nothing seen.`,
        ),
  ),
);

async function receiptOf(messageId: string): Promise<Receipt> {
  return house.owner.call('GET', `/api/messages/${messageId}/receipt`);
}

test('the passage that holds the answer is given, cited and found; an invented number stays plain', async () => {
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'log.pdf', bytes: book });
  await house.owner.say(id, 'Here is the log.', { attachments: [file.id], reply: false });
  const { reply } = await house.owner.talk(id, 'When was the foghorn bought?');
  const { files } = await receiptOf(reply.id);
  const given = files!.used.find(({ place }) => place === '42');
  expect(given, 'page 42 is among the passages').toBeDefined();
  expect(files!.left).toBeGreaterThan(20);
  expect(files!.used.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThan(1400);
  const citations = reply.parts.find((part) => part.type === 'citations');
  expect(citations?.passages.map(({ number }) => number)).toEqual([1]);
  expect(wordsOf(reply)).toContain('[77]');
  const prompt = await house.owner.call<{ exact: boolean; messages: { pieces: { text: string }[] }[] }>(
    'GET',
    `/api/messages/${reply.id}/prompt`,
  );
  expect(prompt.exact).toBe(true);
  expect(JSON.stringify(prompt)).toContain('paid for with herring');
});

test('where the model names no passage, the house finds the one that holds its words, and says that it did', async () => {
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'log.pdf', bytes: book });
  await house.owner.say(id, 'Here is the log.', { attachments: [file.id], reply: false });
  const { reply } = await house.owner.talk(id, 'From which yard came the horn for fog?');
  const passages = reply.parts.flatMap((part) => (part.type === 'citations' ? part.passages : []));
  expect(passages).toMatchObject([{ place: '42', foundBy: 'house' }]);
  const { reply: nothing } = await house.owner.talk(id, 'And the whale?');
  expect(nothing.parts.every(({ type }) => type === 'text')).toBe(true);
});

test('a passage is found by what it means, once the house has read the file for it', async () => {
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'log.pdf', bytes: book });
  const { db } = house.app.storage;
  const read = db.selectFrom('attachmentVector').select('position').where('attachmentId', '=', file.id);
  await expect.poll(async () => (await read.execute()).length, { interval: 50, timeout: 20_000 }).toBe(file.passages);
  await house.owner.say(id, 'Here is the log.', { attachments: [file.id], reply: false });
  const { reply } = await house.owner.talk(id, 'Was fish of use again?');
  expect((await receiptOf(reply.id)).files?.used.map(({ place }) => place)).toContain('42');
  await house.owner.call('DELETE', `/api/conversations/${id}`);
});

test('numbers of an earlier reply do not stand in the next prompt', async () => {
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'log.pdf', bytes: book });
  await house.owner.say(id, 'Here is the log.', { attachments: [file.id], reply: false });
  await house.owner.talk(id, 'When was the foghorn bought?');
  const { reply } = await house.owner.talk(id, 'Say that again');
  const prompt = JSON.stringify(await house.owner.call('GET', `/api/messages/${reply.id}/prompt`));
  expect(prompt).toContain('It was bought in 1931, they say [77].');
});

test('a small file is given whole, and one that is deleted or on another branch is not given', async () => {
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'small.txt', bytes: Buffer.from('Ten lamps.') });
  const { message } = await house.owner.say(id, 'A list.', { attachments: [file.id], reply: false });
  const first = await house.owner.talk(id, 'How many, in the small one?');
  expect((await receiptOf(first.reply.id)).files).toMatchObject({ used: [{ name: 'small.txt', number: 1 }], left: 0 });
  expect(first.reply.parts.at(-1)).toMatchObject({ type: 'citations', passages: [{ attachmentId: file.id }] });
  await house.owner.call('DELETE', `/api/messages/${message.id}`);
  const second = await house.owner.talk(id, 'And the whale?');
  expect((await receiptOf(second.reply.id)).files).toBeUndefined();
});

test('a model that sees is shown the picture itself', async () => {
  const { id } = await house.owner.begin();
  const picture = await attach(house.owner, id, { name: 'cat.png', bytes: pngPixel('seen') });
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const sent = await house.owner.say(id, 'What is in the picture?', { attachments: [picture.id] });
  await watcher.event('reply-end', (event) => event.messageId === sent.reply?.id);
  expect((await receiptOf(sent.reply!.id)).files).toEqual({
    used: [],
    left: 0,
    pictures: ['cat.png'],
    picturesTold: 0,
  });
});
