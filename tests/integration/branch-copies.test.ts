import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attachment, AttachmentText } from '../../contract/attachments.ts';
import type { Conversation } from '../../contract/conversations.ts';
import type { Message, Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { ConversationTools, ToolServer } from '../../contract/tools.ts';
import type { World } from '../../contract/worlds.ts';
import { samplePdf } from '../support/sample-files.ts';
import { attach } from './support/attach.ts';
import { pngPixel } from './support/card-files.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  const steps = [{ type: 'tokens' as const, tokens: ['It was bought in 1931 [1].'] }];
  house = await openHouse({ script: { contextLength: 8000, rules: [{ when: { contains: 'foghorn' }, steps }] } });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const log = samplePdf([['The foghorn was bought in 1931 from a yard in Leith.'], ['Nothing else was seen.']]);
const branchOff = (id: string, messageId: string) =>
  owner.call<Conversation>('POST', `/api/conversations/${id}/branch-off`, { messageId });

const filesOf = (messages: readonly Message[]) =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => ('attachmentId' in part ? [part] : [])));

test('a branch of its own has its own files, which outlive the conversation they came from', async () => {
  const { id } = await owner.begin();
  const given = await attach(owner, id, { name: 'log.pdf', bytes: log });
  const picture = await attach(owner, id, { name: 'horn.png', bytes: pngPixel('horn') });
  await owner.say(id, 'Here is the log.', { attachments: [given.id, picture.id], reply: false });
  const { reply } = await owner.talk(id, 'When was the foghorn bought?');
  const copy = await branchOff(id, reply.id);
  const path = await owner.path(copy.id);
  const [file, image] = filesOf(path);
  expect([given.id, picture.id]).not.toContain(file?.attachmentId);
  expect(image).toMatchObject({ type: 'image', url: `/api/attachments/${image?.attachmentId}/file` });
  expect([given.id, picture.id]).not.toContain(image?.attachmentId);
  const last = path.at(-1)!;
  const cited = last.parts.find((part) => part.type === 'citations');
  expect(cited?.passages.map(({ attachmentId }) => attachmentId)).toEqual([file?.attachmentId]);
  const receipt = await owner.call<Receipt>('GET', `/api/messages/${last.id}/receipt`);
  expect(new Set(receipt.files?.used.map(({ attachmentId }) => attachmentId))).toEqual(new Set([file?.attachmentId]));
  expect(await owner.refusal('GET', `/api/messages/${last.id}/prompt`)).toMatchObject({ code: 'prompt-elsewhere' });

  await owner.call('POST', `/api/conversations/${id}/purge`);
  const text = await owner.call<AttachmentText>('GET', `/api/attachments/${file!.attachmentId}/text?position=0`);
  expect(text.passages.map(({ text: words }) => words).join('')).toContain('a yard in Leith');
  expect(text.attachment).toMatchObject({
    conversationId: copy.id,
    passages: given.passages,
  } satisfies Partial<Attachment>);
  for (const { attachmentId } of [file!, image!]) {
    const bytes = await owner.fetch(`/api/attachments/${attachmentId}/file`);
    expect(bytes.status).toBe(200);
    expect((await bytes.arrayBuffer()).byteLength).toBeGreaterThan(50);
  }
  const again = await owner.talk(copy.id, 'And who sold the foghorn?');
  const prompt = await owner.call<PromptRecord>('GET', `/api/messages/${again.reply.id}/prompt`);
  expect(JSON.stringify(prompt.messages)).toContain('a yard in Leith');
  await owner.call('POST', `/api/conversations/${copy.id}/purge`);
  const left = await house.app.storage.db.selectFrom('attachmentPassage').select('id').execute();
  expect(left).toEqual([]);
});

test('a branch of its own happens where it happened, with the tools that were on', async () => {
  const world = await owner.call<World>('POST', '/api/worlds', {
    name: 'The Grey Coast',
    places: [{ id: 'pier', name: 'Pier', description: 'Wet planks.', parentId: null, connections: [] }],
  });
  const { id } = await owner.begin('starter-mira', { scene: { worldId: world.id, placeId: null } });
  await owner.call('POST', `/api/conversations/${id}/scene`, { placeId: 'pier', time: '3 18:30' });
  const { message } = await owner.say(id, 'Here we are.', { reply: false });
  const server = await owner.call<ToolServer>('POST', '/api/tool-servers', {
    transport: 'stdio',
    name: 'Workshop',
    command: process.execPath,
    args: [join(import.meta.dirname, '..', 'support', 'tool-servers', 'honest-server.ts')],
  });
  const tool = { serverId: server.id, tool: 'add', for: 'conversation' };
  await owner.call('PUT', `/api/conversations/${id}/tools`, { ...tool, on: true });
  await owner.call('PUT', `/api/conversations/${id}/tools`, { ...tool, consent: 'always' });
  const copy = await branchOff(id, message.id);
  const { scene } = await owner.conversation(copy.id);
  expect(scene).toEqual((await owner.conversation(id)).scene);
  expect(scene).toMatchObject({ worldId: world.id, place: { id: 'pier' }, time: '3 18:30' });
  const tools = () => owner.call<ConversationTools>('GET', `/api/conversations/${copy.id}/tools`);
  const chosen = (await tools()).servers[0]?.tools.filter(({ onBy }) => onBy === 'conversation');
  expect(chosen).toMatchObject([{ name: 'add', on: true, consent: 'always', consentBy: 'conversation' }]);
  await owner.call('POST', `/api/conversations/${id}/purge`);
  expect((await owner.conversation(copy.id)).scene).toMatchObject({ place: { id: 'pier' } });
});
