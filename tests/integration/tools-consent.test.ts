import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { ToolPart } from '../../contract/tool-parts.ts';
import type { ToolServer } from '../../contract/tools.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { createEventWriter } from '../../src/events/event-store.ts';
import { ToolDesk } from '../../src/features/tools/tool-desk.ts';
import { readMessages } from '../../src/conversation/message-store.ts';
import { ToolHost } from '../../src/models/tools/tool-host.ts';
import { ToolServerStore } from '../../src/models/tools/tool-server-store.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { openStorage } from '../../src/storage/storage.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { comeAsGuest, inviteTo } from './support/room-people.ts';

const SERVERS = join(import.meta.dirname, '..', 'support', 'tool-servers');

const script: ScriptInput = {
  rules: [
    { when: { toolResult: 'Looked up' }, steps: [{ type: 'tokens', tokens: ['Found it.'] }] },
    { when: { toolResult: 'did not allow' }, steps: [{ type: 'tokens', tokens: ['Then not.'] }] },
    { when: { contains: 'look' }, steps: [{ type: 'tool-call', tool: 'look_up', input: {} }] },
  ],
  otherwise: 'echo',
};

let house: ChatHouse;
let owner: Caller;
let folder: string;
let server: ToolServer;
/** A conversation with a guest, in which the tool is on. */
let room: { id: string; guest: Caller };
const description = () => join(folder, 'description');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-tool-consent-'));
  await writeFile(description(), 'Looks something up.');
  house = await openHouse({ script });
  owner = house.owner;
  server = await owner.call('POST', '/api/tool-servers', serverInput());
  const { id } = await owner.begin();
  await choose(id, { tool: 'look_up', on: true });
  room = { id, guest: await comeAsGuest(house, { token: await inviteTo(owner, id), name: 'Kim' }) };
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function serverInput(some: object = {}): object {
  const args = [join(SERVERS, 'changing-server.ts'), description()];
  return { transport: 'stdio', name: 'Workshop', command: process.execPath, args, ...some };
}

const toolsOf = (message: Message): ToolPart[] => message.parts.filter((part) => part.type === 'tool');
const choose = (id: string, some: object) =>
  owner.call('PUT', `/api/conversations/${id}/tools`, { serverId: server.id, for: 'conversation', ...some });

test('a tool that says something else of itself than when it was allowed is asked for again', async () => {
  const { id } = await owner.begin();
  await choose(id, { tool: 'look_up', on: true });
  await choose(id, { tool: 'look_up', consent: 'always' });
  expect(toolsOf((await owner.talk(id, 'look')).reply)).toMatchObject([{ state: 'done' }]);
  await writeFile(description(), 'Looks something up, and tells somebody else of it.');
  await owner.call('POST', `/api/tool-servers/${server.id}/refresh`);
  await using watcher = owner.watch(id);
  await watcher.event('conversation-snapshot');
  await owner.say(id, 'look again');
  const { part } = await watcher.event('tool-change', (event) => event.part.state === 'asked');
  expect(part.description).toContain('tells somebody else');
  await owner.call('POST', `/api/conversations/${id}/tool-calls/${part.callId}/answer`, { answer: 'no' });
  const ended = await watcher.event('reply-end');
  expect(wordsOf(ended.message)).toBe('Then not.');
});

test('where guests are only shared tools are offered, and only the host answers', async () => {
  const { id, guest } = room;
  const offered = async (messageId: string) =>
    (await owner.call<PromptRecord>('GET', `/api/messages/${messageId}/prompt`)).tools ?? '';
  const before = await owner.talk(id, 'Good evening');
  expect(await offered(before.reply.id)).toBe('');
  await owner.call('PUT', `/api/tool-servers/${server.id}`, serverInput({ shared: true }));
  await using watcher = owner.watch(id);
  await watcher.event('conversation-snapshot');
  await guest.say(id, 'look');
  const { part } = await watcher.event('tool-change', (event) => event.part.state === 'asked');
  const call = `/api/conversations/${id}/tool-calls/${part.callId}`;
  for (const path of [`${call}/answer`, `${call}/stop`]) {
    expect([403, 404]).toContain((await guest.refusal('POST', path, { answer: 'once' })).status);
  }
  expect([403, 404]).toContain((await guest.refusal('GET', `/api/conversations/${id}/tools`)).status);
  await owner.call('POST', `${call}/answer`, { answer: 'once' });
  const ended = await watcher.event('reply-end');
  expect(toolsOf(ended.message)).toMatchObject([{ state: 'done', output: 'Looked up.' }]);
  expect(await offered(ended.message.id)).toContain('look_up');
  await owner.call('PUT', `/api/tool-servers/${server.id}`, serverInput({ shared: false }));
});

test('a call that nobody answers is not made', async () => {
  const { id } = await owner.begin();
  await choose(id, { tool: 'look_up', on: true });
  const { storage, accounts } = house.app;
  const common = { clock: systemClock, logger: silentLogger() };
  const store = new ToolServerStore({ db: storage.db, secrets: accounts.secrets });
  const ownerId = accounts.terminalActor.userId;
  await using host = new ToolHost({
    ...common,
    folder: join(folder, 'servers'),
    searchPath: '/usr/bin:/bin',
    onList: async () => undefined,
  });
  const events = createEventWriter({ clock: systemClock, newId: () => crypto.randomUUID() });
  const desk = new ToolDesk({ storage, store, host, events, logger: silentLogger(), ownerId }, { consentInMs: 30 });
  const record = await storage.db.selectFrom('conversation').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const states: unknown[] = [];
  const ended = await desk.call({
    conversation: record,
    callId: 'call-1',
    offered: {
      name: 'look_up',
      serverId: server.id,
      server: 'Workshop',
      tool: 'look_up',
      title: '',
      description: '',
      inputSchema: '{"type":"object"}',
      claims: { readOnly: null, destructive: null, openWorld: null },
    },
    input: {},
    signal: new AbortController().signal,
    onChange: ({ state }) => states.push(state),
  });
  expect(ended).toMatchObject({ state: 'denied' });
  expect(ended.output).toContain('Nobody answered');
  expect(states).toEqual(['asked']);
  expect(host.status(server.id).state).toBe('idle');
  await expect(
    desk.answer(accounts.terminalActor, { conversationId: id, callId: 'call-1', answer: 'once' }),
  ).rejects.toMatchObject({ code: 'tool-call-gone' });
});

test('the house closes although a call waits to be allowed; its reply is stopped', async () => {
  const { id, guest } = room;
  await owner.call('PUT', `/api/tool-servers/${server.id}`, serverInput({ shared: true }));
  let replyId = '';
  {
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    const { reply } = await guest.say(id, 'look');
    replyId = reply!.id;
    await watcher.event('tool-change', ({ part }) => part.state === 'asked');
  }
  const { dataDirectory, config } = house;
  await house.close();
  // As it left the house: at its next start nothing of it is mended.
  const { postgres } = config;
  await using storage = await openStorage({ dataDirectory, clock: systemClock, ...(postgres ? { postgres } : {}) });
  const [message] = await readMessages(storage.db, [replyId]);
  expect(message).toMatchObject({ state: 'stopped', parts: [{ type: 'tool', state: 'stopped' }] });
});
