import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attachment, AttachmentText, ConversationAbilities } from '../../contract/attachments.ts';
import { samplePdf, sampleZip } from '../support/sample-files.ts';
import { attach, attachRefusal } from './support/attach.ts';
import { pngPixel } from './support/card-files.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

const blobs = async () => {
  const names = await readdir(join(house.dataDirectory, 'blobs'), { recursive: true }).catch(() => []);
  return names.filter((name) => /[0-9a-f]{64}$/.test(name)).length;
};
const pages = (count: number) => Array.from({ length: count }, (_, index) => [`This is page ${index + 1}.`]);

test('a file is taken in, read and sent with a message, which an edit keeps', async () => {
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: '../logs/Lamp log.pdf', bytes: samplePdf(pages(3)) });
  expect(file).toMatchObject({ name: 'Lamp log.pdf', kind: 'pdf', sections: 3, passages: 3 });
  const { message } = await house.owner.say(id, 'Here is the log.', { attachments: [file.id], reply: false });
  expect(message.parts).toEqual([
    { type: 'text', text: 'Here is the log.' },
    { type: 'file', attachmentId: file.id, name: file.name, mediaType: 'application/pdf', size: file.size },
  ]);
  const text = await house.owner.call<AttachmentText>('GET', `/api/attachments/${file.id}/text?position=2`);
  expect(text.passages.map(({ place }) => place)).toEqual(['1', '2', '3']);
  expect(text.more).toEqual({ before: false, after: false });
  const response = await house.owner.fetch(`/api/attachments/${file.id}/file`);
  expect(response.headers.get('content-disposition')).toContain('Lamp log.pdf');
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  const edited = await house.owner.call<{ message: { parts: unknown[] } }>('POST', `/api/messages/${message.id}/edit`, {
    text: 'Here is the whole log.',
  });
  expect(edited.message.parts).toHaveLength(2);
});

test('a message may be files alone, but never nothing', async () => {
  const { id } = await house.owner.begin();
  const picture = await attach(house.owner, id, { name: 'cat.png', bytes: pngPixel('cat') });
  expect(picture).toMatchObject({ kind: 'image', width: 1, height: 1, passages: 0 });
  await house.owner.call('PATCH', `/api/attachments/${picture.id}`, { alt: 'Bosun on the stove' });
  const { message } = await house.owner.say(id, '', { attachments: [picture.id], reply: false });
  expect(message.parts).toMatchObject([{ type: 'image', alt: 'Bosun on the stove', width: 1 }]);
  const address = `/api/conversations/${id}/messages`;
  expect(await house.owner.refusal('POST', address, { text: '  ', clientId: 'none' })).toMatchObject({
    status: 400,
    field: 'text',
  });
});

test('what cameras write beside a picture is not kept', async () => {
  const { id } = await house.owner.begin();
  const picture = await attach(house.owner, id, { name: 'home.png', bytes: pngPixel('GPS 54.1 N', { Author: 'Ann' }) });
  const bytes = Buffer.from(await (await house.owner.fetch(picture.url)).arrayBuffer());
  expect(bytes.includes('GPS')).toBe(false);
  expect(bytes.includes('Ann')).toBe(false);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
});

test('what cannot be read says why and leaves nothing', async () => {
  const { id } = await house.owner.begin();
  const before = await blobs();
  const refused = async (name: string, bytes: Uint8Array) =>
    (await attachRefusal(house.owner, id, { name, bytes })).code;
  expect(await refused('locked.pdf', samplePdf([['x']], { encrypted: true }))).toBe('attachment-encrypted');
  expect(await refused('scan.pdf', samplePdf([[], []]))).toBe('attachment-scanned');
  expect(await refused('many.zip', await sampleZip({ a: 'b' }))).toBe('attachment-kind');
  expect(await refused('noise.txt', Buffer.from([0, 1, 2, 3]))).toBe('attachment-binary');
  expect(await refused('empty.txt', Buffer.alloc(0))).toMatch(/attachment-empty|invalid|body/);
  expect(await blobs()).toBe(before);
});

test('files are only of the conversation and of the one who gave them', async () => {
  const mallory = await house.member('mallory');
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'a.txt', bytes: Buffer.from('Mine alone') });
  for (const path of [`/api/attachments/${file.id}/text`, `/api/attachments/${file.id}/file`]) {
    expect(await mallory.refusal('GET', path)).toMatchObject({ status: 404 });
  }
  expect(await mallory.refusal('DELETE', `/api/attachments/${file.id}`)).toMatchObject({ status: 404 });
  const { id: elsewhere } = await house.owner.begin();
  const address = `/api/conversations/${elsewhere}/messages`;
  expect(
    await house.owner.refusal('POST', address, { text: 'x', clientId: 'stolen', attachments: [file.id] }),
  ).toMatchObject({ status: 404, code: 'attachment-missing' });
  expect(await attachRefusal(mallory, id, { name: 'b.txt', bytes: Buffer.from('x') })).toMatchObject({ status: 404 });
});

test('a file that is not sent can go; one that was stays with its message and leaves with the conversation', async () => {
  const before = await blobs();
  const { id } = await house.owner.begin();
  const [first, second] = await Promise.all(
    ['one', 'two'].map((text) => attach(house.owner, id, { name: `${text}.txt`, bytes: Buffer.from(`${text} ${id}`) })),
  );
  await house.owner.call('DELETE', `/api/attachments/${first!.id}`);
  expect(await house.owner.refusal('GET', `/api/attachments/${first!.id}/text`)).toMatchObject({ status: 404 });
  await house.owner.say(id, 'Look', { attachments: [second!.id], reply: false });
  expect(await house.owner.refusal('DELETE', `/api/attachments/${second!.id}`)).toMatchObject({
    status: 409,
    code: 'attachment-sent',
  });
  expect(await blobs()).toBe(before + 1);
  await house.owner.call('POST', `/api/conversations/${id}/purge`);
  expect(await blobs()).toBe(before);
  const { db } = house.app.storage;
  for (const table of ['attachment', 'messageAttachment'] as const) {
    expect(await db.selectFrom(table).selectAll().where('conversationId', '=', id).execute()).toEqual([]);
  }
});

test('a file that a picture of a character shares its bytes with outlives it', async () => {
  const bytes = pngPixel();
  const { id } = await house.owner.begin();
  const file = await attach(house.owner, id, { name: 'same.png', bytes });
  await house.owner.call('POST', '/api/characters', {
    name: 'Same',
    picture: `data:image/png;base64,${bytes.toString('base64')}`,
  });
  await house.owner.call('POST', `/api/conversations/${id}/purge`);
  const { hash } = await house.app.storage.db
    .selectFrom('asset')
    .select('hash')
    .where('size', '=', bytes.length)
    .executeTakeFirstOrThrow();
  expect((await house.app.storage.blobs.read(hash)).length).toBe(file.size);
});

test('a model that does not see says so, and is told what a picture shows', async () => {
  const { id } = await house.owner.begin();
  const abilities = await house.owner.call<ConversationAbilities>('GET', `/api/conversations/${id}/abilities`);
  expect(abilities.seesPictures).toBe(false);
  const picture = await attach(house.owner, id, { name: 'cat.png', bytes: pngPixel('told') });
  await house.owner.call('PATCH', `/api/attachments/${picture.id}`, { alt: 'a grey cat' });
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const sent = await house.owner.say(id, 'Who is this?', { attachments: [picture.id] });
  await watcher.event('reply-end', (event) => event.messageId === sent.reply?.id);
  const receipt = await house.owner.call<{ files: object }>('GET', `/api/messages/${sent.reply!.id}/receipt`);
  expect(receipt.files).toEqual({ used: [], left: 0, pictures: [], picturesTold: 1 });
  const prompt = JSON.stringify(await house.owner.call('GET', `/api/messages/${sent.reply!.id}/prompt`));
  expect(prompt).toContain('[Picture sent along: a grey cat]');
});

test('waiting files have a limit', async () => {
  const { id } = await house.owner.begin();
  const many: Attachment[] = [];
  for (let count = 0; count < 40; count += 1) {
    many.push(await attach(house.owner, id, { name: `${count}.png`, bytes: pngPixel(`waiting ${count}`) }));
  }
  expect(await attachRefusal(house.owner, id, { name: 'more.png', bytes: pngPixel('more') })).toMatchObject({
    status: 409,
    code: 'attachments-waiting',
  });
  const address = `/api/conversations/${id}/messages`;
  const ids = many.slice(0, 21).map((file) => file.id);
  expect(await house.owner.refusal('POST', address, { text: 'x', clientId: 'many', attachments: ids })).toMatchObject({
    status: 400,
  });
});
