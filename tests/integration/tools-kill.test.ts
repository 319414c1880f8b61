import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import type { ToolServer } from '../../contract/tools.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { besideServer } from './support/beside-server.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const script: ScriptInput = {
  rules: [
    {
      when: { contains: 'wait' },
      steps: [
        { type: 'tokens', tokens: ['One', ' moment.'] },
        { type: 'tool-call', tool: 'wait' },
      ],
    },
  ],
  otherwise: 'echo',
};

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-tools-kill-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test(
  'a server killed in the middle of a call says so at its next start, and the program it called is gone',
  { timeout: 180_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script, postgres: database.postgres });
    let conversationId = '';
    let replyId = '';
    {
      await using house = await start();
      const { owner } = house;
      const server = await owner.call<ToolServer>('POST', '/api/tool-servers', {
        transport: 'stdio',
        name: 'Workshop',
        command: process.execPath,
        args: [join(import.meta.dirname, '..', 'support', 'tool-servers', 'honest-server.ts'), join(folder, 'notes')],
      });
      conversationId = (await owner.begin()).id;
      const tools = `/api/conversations/${conversationId}/tools`;
      const tool = { serverId: server.id, tool: 'wait', for: 'conversation' };
      await owner.call('PUT', tools, { ...tool, on: true });
      await owner.call('PUT', tools, { ...tool, consent: 'always' });
      const { reply } = await owner.say(conversationId, 'wait');
      replyId = reply!.id;
      await besideServer({ folder, database }, ({ db }) =>
        until('the running call is on disk', async () => {
          const row = await db.selectFrom('message').select('parts').where('id', '=', replyId).executeTakeFirst();
          return row?.parts.includes('"state":"running"') ?? false;
        }),
      );
      await house.kill();
    }
    await using house = await start();
    const reply = await house.owner.call<Message>('GET', `/api/messages/${replyId}`);
    expect(reply.state).toBe('interrupted');
    expect(reply.parts).toMatchObject([
      { type: 'text', text: 'One moment.' },
      { type: 'tool', tool: 'wait', state: 'stopped' },
    ]);
    // The path is free, and what was called is told of.
    const { reply: next } = await house.owner.talk(conversationId, 'Are you there?');
    expect(next.state).toBe('done');
    expect(await house.stop()).toBe(0);
  },
);
