import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallList } from '../../contract/calls.ts';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import { wordsOf } from './support/caller.ts';
import { startHouseProcess } from './support/house-process.ts';
import { createTestDatabase, type TestDatabase } from './support/test-database.ts';
import { until } from './support/until.ts';

const SENTENCES = ['The lamp turns all night long.', ' The sea is calm tonight.', ' Nobody ever comes to see it.'];
const script: ScriptInput = {
  rules: [
    { when: { contains: 'lamp' }, steps: [{ type: 'tokens', tokens: SENTENCES }] },
    { when: { contains: 'silence' }, steps: [{ type: 'hang' }] },
  ],
  otherwise: 'echo',
};

let folder: string;
let database: TestDatabase;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everwith-call-kill-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Says words in a call, as somebody who types beside the voice. */
async function callAndSay(
  { address, token }: { address: string; token: string },
  { id, text }: { id: string; text: string },
) {
  const url = `${address.replace('http', 'ws')}/v1/realtime?conversation=${id}`;
  const socket = new WebSocket(url, ['realtime'], { headers: { authorization: token } });
  socket.on('error', () => undefined);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
  socket.send(JSON.stringify({ type: 'conversation.item.create', item }));
  socket.send(JSON.stringify({ type: 'response.create' }));
}

test(
  'a house that is killed in the middle of a reply keeps what was heard, and closes the call',
  { timeout: 240_000 },
  async () => {
    const start = () => startHouseProcess({ folder, script, postgres: database.postgres });
    let heard = '';
    const ids: string[] = [];
    {
      await using house = await start();
      for (const text of ['the lamp', 'silence']) {
        const { id } = await house.owner.begin();
        ids.push(id);
        await callAndSay({ address: house.address, token: house.authorization }, { id, text });
      }
      // The first clause has sounded in one call; in the other nothing has, though the turn is kept.
      heard = await until('a clause was heard', async () => {
        const reply = (await house.owner.path(ids[0]!)).at(-1);
        return reply?.state === 'streaming' ? wordsOf(reply) || null : null;
      });
      await until('the other turn is kept', async () => {
        const path = await house.owner.path(ids[1]!);
        return path.length === 3 ? path : null;
      });
      await house.kill();
    }
    await using house = await start();
    const [talk, silent] = await Promise.all(ids.map((id) => house.owner.path(id)));
    const reply = talk?.at(-1);
    expect(reply?.state).toBe('interrupted');
    expect(wordsOf(reply).startsWith(heard)).toBe(true);
    expect(SENTENCES.join('').startsWith(wordsOf(reply))).toBe(true);
    expect(wordsOf(reply)).not.toContain('Nobody');
    // A reply that nobody heard is not there, and the talk goes on after what was said.
    expect(silent?.map(wordsOf).at(-1)).toBe('silence');
    for (const id of ids) {
      const { calls } = await house.owner.call<CallList>('GET', `/api/conversations/${id}/calls`);
      expect(calls).toMatchObject([{ endReason: 'house-gone', turns: 1 }]);
    }
    const next = await house.owner.talk(ids[0]!, 'Still there?');
    expect(wordsOf(next.reply)).toBe('Still there?');
  },
);
