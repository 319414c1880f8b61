import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message, Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import type { ToolPart } from '../../contract/tool-parts.ts';
import type { ConversationTools, ToolServer } from '../../contract/tools.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import type { Watcher } from './support/watcher.ts';

const SERVERS = join(import.meta.dirname, '..', 'support', 'tool-servers');

const script: ScriptInput = {
  rules: [
    {
      when: { contains: 'sum' },
      steps: [
        { type: 'tokens', tokens: ['Let me', ' count.'] },
        { type: 'tool-call', tool: 'add', input: { a: 20, b: 22 } },
        { type: 'tool-call', tool: 'get_time', input: { city: 'Oslo' } },
      ],
    },
    { when: { toolResult: '42' }, steps: [{ type: 'tokens', tokens: ['It', ' is', ' 42.'] }] },
    { when: { contains: 'note' }, steps: [{ type: 'tool-call', tool: 'write_note', input: { text: 'Milk' } }] },
    { when: { toolResult: 'Written' }, steps: [{ type: 'tokens', tokens: ['It is written.'] }] },
    { when: { toolResult: 'did not allow' }, steps: [{ type: 'tokens', tokens: ['Then not.'] }] },
    { when: { contains: 'wait' }, steps: [{ type: 'tool-call', tool: 'wait' }] },
    { when: { toolResult: 'stopped' }, steps: [{ type: 'tokens', tokens: ['I waited long enough.'] }] },
    {
      when: { contains: 'wrong' },
      steps: [
        { type: 'tool-call', tool: 'add', input: 'no json' },
        { type: 'tool-call', tool: 'made_up' },
      ],
    },
    { when: { toolResult: 'no JSON' }, steps: [{ type: 'tokens', tokens: ['That went wrong.'] }] },
    { when: { contains: 'forever' }, steps: [{ type: 'tool-call', tool: 'get_time', input: { city: 'Rome' } }] },
    {
      when: { toolResult: 'Rome' },
      steps: [
        { type: 'tool-call', tool: 'get_time', input: { city: 'Rome' } },
        { type: 'tokens', tokens: ['Again.'] },
      ],
    },
    { when: { contains: 'what did' }, steps: [{ type: 'tokens', tokens: ['I said 42.'] }] },
  ],
  otherwise: 'echo',
};

let house: ChatHouse;
let owner: Caller;
let member: Caller;
let server: ToolServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-tool-notes-'));
  house = await openHouse({ script });
  owner = house.owner;
  member = await house.member('mina');
  server = await owner.call('POST', '/api/tool-servers', {
    transport: 'stdio',
    name: 'Workshop',
    command: process.execPath,
    args: [join(SERVERS, 'honest-server.ts'), join(folder, 'notes')],
    secrets: { API_KEY: 'sk-never-shown' },
  });
});
afterAll(async () => {
  await house[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const toolsOf = (message: Message): ToolPart[] => message.parts.filter((part) => part.type === 'tool');

/** A conversation in which every tool is on, with those of `always` free to run. */
async function beginWithTools(always: string[] = [], who = owner): Promise<string> {
  const { id } = await who.begin();
  await who.call('PUT', `/api/conversations/${id}/tools`, { serverId: server.id, for: 'conversation', on: true });
  for (const tool of always) {
    const choice = { serverId: server.id, tool, for: 'conversation', consent: 'always' };
    await who.call('PUT', `/api/conversations/${id}/tools`, choice);
  }
  return id;
}

async function asked(watcher: Watcher): Promise<ToolPart> {
  return (await watcher.event('tool-change', ({ part }) => part.state === 'asked')).part;
}

describe('a server of tools', () => {
  test('is the owner’s to set up, and its secrets are never shown again', async () => {
    expect(server).toMatchObject({ name: 'Workshop', state: 'ready', secretNames: ['API_KEY'], toolCount: 6 });
    const all = await owner.ask('GET', '/api/tool-servers');
    expect(JSON.stringify(all.body)).not.toContain('sk-never-shown');
    expect(await member.refusal('GET', '/api/tool-servers')).toMatchObject({ status: 403 });
    expect(await member.refusal('POST', `/api/tool-servers/${server.id}/refresh`)).toMatchObject({ status: 403 });
  });

  test('keeps its secrets for its own program, and asks for them again for another', async () => {
    const kept = { transport: 'stdio', name: 'Workshop', secrets: { API_KEY: null }, args: server.args } as const;
    const same = await owner.call<ToolServer>('PUT', `/api/tool-servers/${server.id}`, {
      ...kept,
      command: server.command,
    });
    expect(same).toMatchObject({ secretNames: ['API_KEY'], state: 'ready' });
    expect(
      await owner.refusal('PUT', `/api/tool-servers/${server.id}`, { ...kept, command: '/bin/cat' }),
    ).toMatchObject({ code: 'secret-missing', field: 'secrets.API_KEY' });
  });

  test('that cannot be started is kept with its problem', async () => {
    const broken = await owner.call<ToolServer>('POST', '/api/tool-servers', {
      transport: 'stdio',
      name: 'Broken',
      command: 'no-such-program-here',
    });
    expect(broken).toMatchObject({ state: 'failed', tools: [] });
    expect(broken.problem).toContain('no-such-program-here');
    await owner.call('DELETE', `/api/tool-servers/${broken.id}`);
    expect(await owner.refusal('POST', `/api/tool-servers/${broken.id}/refresh`)).toMatchObject({ status: 404 });
  });
});

describe('tools of a conversation', () => {
  test('are off until somebody switches them on, for it or for its character', async () => {
    const { id } = await owner.begin();
    const before = await owner.call<ConversationTools>('GET', `/api/conversations/${id}/tools`);
    expect(before.model).toMatchObject({ callsTools: true, poorly: false });
    expect(before.servers[0]?.tools.every(({ on, consent }) => !on && consent === 'ask')).toBe(true);
    const choose = (choice: object) =>
      owner.call<ConversationTools>('PUT', `/api/conversations/${id}/tools`, { serverId: server.id, ...choice });
    await choose({ tool: 'add', for: 'character', on: true });
    const after = await choose({ tool: 'fail', for: 'conversation', on: true });
    const on = after.servers[0]?.tools.filter((tool) => tool.on).map(({ name, onBy }) => [name, onBy]);
    expect(on).toEqual([
      ['add', 'character'],
      ['fail', 'conversation'],
    ]);
    await choose({ tool: 'add', for: 'character', on: null });
    expect(
      await owner.refusal('PUT', `/api/conversations/${id}/tools`, {
        serverId: server.id,
        tool: 'none',
        for: 'person',
        on: true,
      }),
    ).toMatchObject({ status: 404 });
    expect(
      await owner.refusal('PUT', `/api/conversations/${id}/tools`, {
        serverId: server.id,
        for: 'person',
        consent: 'always',
      }),
    ).toMatchObject({ status: 403 });
  });

  test('of others are none until the owner shares the server', async () => {
    const { id } = await member.begin();
    const none = await member.call<ConversationTools>('GET', `/api/conversations/${id}/tools`);
    expect(none.servers).toEqual([]);
    const input = {
      transport: 'stdio',
      name: 'Workshop',
      command: server.command,
      args: server.args,
      secrets: { API_KEY: null },
    };
    await owner.call('PUT', `/api/tool-servers/${server.id}`, { ...input, shared: true });
    const some = await member.call<ConversationTools>('GET', `/api/conversations/${id}/tools`);
    expect(some.servers.map(({ name }) => name)).toEqual(['Workshop']);
    await owner.call('PUT', `/api/tool-servers/${server.id}`, { ...input, shared: false });
    expect(await owner.refusal('GET', `/api/conversations/${id}/tools`)).toMatchObject({ status: 404 });
  });
});

describe('a reply', () => {
  test('calls two tools at once, says what came of it, and everything is kept in its place', async () => {
    const id = await beginWithTools(['add', 'get_time']);
    const { reply } = await owner.talk(id, 'the sum please');
    expect(reply.parts.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual([
      'Let me count.',
      'tool',
      'tool',
      'It is 42.',
    ]);
    expect(toolsOf(reply)).toMatchObject([
      {
        tool: 'add',
        server: 'Workshop',
        state: 'done',
        input: '{"a":20,"b":22}',
        output: '42',
        claims: { readOnly: true },
      },
      { tool: 'get_time', state: 'done', output: 'It is 14:05 in Oslo.' },
    ]);
    expect(wordsOf(reply)).toBe('Let me count.\n\nIt is 42.');
    const receipt = await owner.call<Receipt>('GET', `/api/messages/${reply.id}/receipt`);
    expect(receipt.tools?.map(({ tool, state }) => [tool, state]).toSorted()).toEqual([
      ['add', 'done'],
      ['get_time', 'done'],
    ]);
    const prompt = await owner.call<PromptRecord>('GET', `/api/messages/${reply.id}/prompt`);
    expect(prompt).toMatchObject({ exact: true });
    expect(prompt.messages.slice(-2).map(({ role }) => role)).toEqual(['assistant', 'tool']);
    expect(prompt.segments.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['tool-call', 'tool-result', 'tools']),
    );
    expect(prompt.tools).toContain('"name":"add"');
    // The next turn knows of the calls, and nothing of it is said as words.
    const next = await owner.talk(id, 'what did you say?');
    const later = await owner.call<PromptRecord>('GET', `/api/messages/${next.reply.id}/prompt`);
    expect(later.exact).toBe(true);
    expect(later.messages.filter(({ role }) => role === 'tool')).toHaveLength(1);
  });

  test('that is continued keeps its calls where they were', async () => {
    const id = await beginWithTools(['add', 'get_time']);
    const { reply } = await owner.talk(id, 'the sum please');
    const started = await owner.call<{ reply: Message }>('POST', `/api/conversations/${id}/replies`, {
      kind: 'continue',
      messageId: reply.id,
    });
    const message = await owner.ended(id, started.reply.id);
    const prompt = await owner.call<PromptRecord>('GET', `/api/messages/${message.id}/prompt`);
    const told = prompt.messages.filter(({ role }) => role === 'tool');
    expect(JSON.stringify(told[0])).toContain('It is 14:05 in Oslo.');
    expect(prompt.exact).toBe(true);
    expect(message.parts.slice(0, 3)).toEqual(reply.parts.slice(0, 3));
    expect(wordsOf(message).startsWith('Let me count.\n\nIt is 42.')).toBe(true);
    expect(toolsOf(message).map(({ callId }) => callId)).toEqual(
      expect.arrayContaining(toolsOf(reply).map(({ callId }) => callId)),
    );
  });

  test('asks before it calls; what is refused is not done, and the reply goes on', async () => {
    const id = await beginWithTools();
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    const { reply } = await owner.say(id, 'a note');
    const call = await asked(watcher);
    expect(call).toMatchObject({
      tool: 'write_note',
      input: '{"text":"Milk"}',
      description: 'Writes a note down.',
      claims: { destructive: true },
    });
    // Whoever comes now is asked as well.
    await using late = owner.watch(id);
    const snapshot = await late.event('conversation-snapshot');
    expect(snapshot.streaming[0]?.tools).toMatchObject([{ at: 0, part: { state: 'asked' } }]);
    const path = `/api/conversations/${id}/tool-calls/${call.callId}/answer`;
    expect(await member.refusal('POST', path, { answer: 'once' })).toMatchObject({ status: 404 });
    await owner.call('POST', path, { answer: 'no' });
    const ended = await watcher.event('reply-end');
    expect(toolsOf(ended.message)).toMatchObject([{ state: 'denied' }]);
    expect(wordsOf(ended.message)).toBe('Then not.');
    expect(await readFile(join(folder, 'notes'), 'utf8').catch(() => 'nothing')).toBe('nothing');
    expect(await owner.refusal('POST', path, { answer: 'once' })).toMatchObject({ code: 'tool-call-gone' });
    expect(ended.messageId).toBe(reply?.id);
  });

  test('is asked once for a conversation that says always', async () => {
    const id = await beginWithTools();
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    await owner.say(id, 'a note');
    const call = await asked(watcher);
    await owner.call('POST', `/api/conversations/${id}/tool-calls/${call.callId}/answer`, { answer: 'conversation' });
    await watcher.event('reply-end');
    expect(await readFile(join(folder, 'notes'), 'utf8')).toBe('Milk');
    const { reply } = await owner.talk(id, 'another note');
    expect(toolsOf(reply)).toMatchObject([{ state: 'done', output: 'Written.' }]);
    const other = await beginWithTools();
    const tools = await owner.call<ConversationTools>('GET', `/api/conversations/${other}/tools`);
    expect(tools.servers[0]?.tools.find(({ name }) => name === 'write_note')?.consent).toBe('ask');
  });

  test('stops with a call that runs, and the server hears of it', async () => {
    await rm(join(folder, 'notes'), { force: true });
    const id = await beginWithTools(['wait']);
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    await owner.say(id, 'wait');
    await watcher.event('tool-change', ({ part }) => part.state === 'running');
    await owner.call('POST', `/api/conversations/${id}/stop`);
    const ended = await watcher.event('reply-end');
    expect(ended.state).toBe('stopped');
    expect(toolsOf(ended.message)).toMatchObject([{ tool: 'wait', state: 'stopped' }]);
  });

  test('goes on where one call is stopped', async () => {
    const id = await beginWithTools(['wait']);
    await using watcher = owner.watch(id);
    await watcher.event('conversation-snapshot');
    await owner.say(id, 'wait');
    const { part } = await watcher.event('tool-change', (event) => event.part.state === 'running');
    await owner.call('POST', `/api/conversations/${id}/tool-calls/${part.callId}/stop`);
    const ended = await watcher.event('reply-end');
    expect(ended.state).toBe('done');
    expect(toolsOf(ended.message)).toMatchObject([{ state: 'stopped' }]);
    expect(wordsOf(ended.message)).toBe('I waited long enough.');
  });

  test('makes something of calls that are none', async () => {
    const id = await beginWithTools(['add']);
    const { reply } = await owner.talk(id, 'do it wrong');
    expect(toolsOf(reply)).toMatchObject([
      { tool: 'add', state: 'failed', input: 'no json' },
      { tool: 'made_up', state: 'failed' },
    ]);
    expect(wordsOf(reply)).toBe('That went wrong.');
  });

  test('ends after eight rounds, however often the model calls', async () => {
    const id = await beginWithTools(['get_time']);
    const { reply } = await owner.talk(id, 'forever');
    expect(reply.state).toBe('done');
    expect(toolsOf(reply)).toHaveLength(8);
  });

  test('has no tools where they are off', async () => {
    const { id } = await owner.begin();
    const { reply } = await owner.talk(id, 'hello there');
    const prompt = await owner.call<PromptRecord>('GET', `/api/messages/${reply.id}/prompt`);
    expect(prompt.tools).toBeUndefined();
  });
});
