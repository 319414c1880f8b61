import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SentMessage } from '../../contract/messages.ts';
import { activePath, expectSoundTree, readTree } from './support/check-tree.ts';
import { wordsOf, type Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
let owner: Caller;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

const numbers = Array.from({ length: 100 }, (_, index) => index);
const post = (id: string, body: unknown) => owner.ask('POST', `/api/conversations/${id}/messages`, body);

test('of 100 sends at once all stand in one chain, each once, in the order of their ids', async () => {
  const { id, revision } = await owner.begin();
  const answers = await Promise.all(
    numbers.map((number) => post(id, { text: `text ${number}`, clientId: `n-${number}`, reply: false })),
  );
  expect(answers.map(({ status }) => status)).toEqual(numbers.map(() => 200));
  const sent = answers.map(({ body }) => body as SentMessage);
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  const said = activePath(tree).slice(1);
  expect(said).toHaveLength(100);
  expect(new Set(said.map(({ id }) => id))).toEqual(new Set(sent.map(({ message }) => message.id)));
  expect(new Set(said.map(({ clientId }) => clientId)).size).toBe(100);
  // Every acknowledgement names a revision of its own.
  expect(new Set(sent.map((one) => one.revision))).toEqual(new Set(numbers.map((number) => revision + 1 + number)));
  expect((await owner.path(id)).slice(1).map(wordsOf).toSorted()).toEqual(
    numbers.map((number) => `text ${number}`).toSorted(),
  );
  expect(tree.conversation.revision).toBe(revision + 100);
});

test('of 100 sends at once that want a reply, those acknowledged exist, the others left nothing', async () => {
  const { id } = await owner.begin();
  const answers = await Promise.all(
    numbers.map((number) => post(id, { text: `hang ${number}`, clientId: `r-${number}` })),
  );
  const taken = answers.filter(({ status }) => status === 200).map(({ body }) => body as SentMessage);
  expect(taken).toHaveLength(1); // its reply never ends by itself
  for (const { status, body } of answers.filter((answer) => answer.status !== 200)) {
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'reply-running' } });
  }
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  expect(
    activePath(tree)
      .slice(1)
      .map((node) => node.id),
  ).toEqual([taken[0]!.message.id, taken[0]!.reply!.id]);
  expect(tree.nodes.filter(({ state }) => state === 'streaming')).toHaveLength(1);
  await owner.call('POST', `/api/conversations/${id}/stop`);
});

test('different changes at once keep the tree sound', async () => {
  const { id } = await owner.begin();
  const first = await owner.say(id, 'first', { reply: false });
  const [greeting] = await owner.path(id);
  const answers = await Promise.all(
    numbers.slice(0, 60).map((number) => {
      const kind = number % 6;
      if (kind === 0) return post(id, { text: `say ${number}`, clientId: `d-${number}`, reply: false });
      if (kind === 1) return post(id, { text: `echo ${number}`, clientId: `d-${number}` });
      if (kind === 2) {
        const messageId = greeting!.siblings[number % 3];
        return owner.ask('POST', `/api/conversations/${id}/path`, { messageId });
      }
      if (kind === 3) return owner.ask('POST', `/api/messages/${first.message.id}/edit`, { text: `edit ${number}` });
      if (kind === 4) return owner.ask('DELETE', `/api/messages/${first.message.id}`);
      return owner.ask('POST', `/api/messages/${first.message.id}/restore`);
    }),
  );
  for (const { status, body } of answers) expect([200, 404, 409], JSON.stringify(body)).toContain(status);
  await owner.call('POST', `/api/conversations/${id}/stop`);
  const tree = await readTree(house.app.storage.db, id);
  expectSoundTree(tree);
  expect(tree.nodes.every(({ state }) => state === 'done' || state === 'stopped')).toBe(true);
});

test('purging while others still write leaves nothing behind', async () => {
  const { id } = await owner.begin();
  const writes = numbers.map((number) =>
    post(id, { text: `late ${number}`, clientId: `p-${number}`, reply: number % 2 === 0 }),
  );
  const [purged] = await Promise.all([owner.ask('POST', `/api/conversations/${id}/purge`), ...writes]);
  expect(purged?.status).toBe(200);
  const { db } = house.app.storage;
  for (const table of ['message', 'receipt', 'participant', 'messageSearchRow'] as const) {
    const rows = await db.selectFrom(table).select('conversationId').where('conversationId', '=', id).execute();
    expect(rows, table).toEqual([]);
  }
});
