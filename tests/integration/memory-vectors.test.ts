import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Message, Receipt } from '../../contract/messages.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { createEventWriter } from '../../src/events/event-store.ts';
import type { Pair } from '../../src/memory/pair-view.ts';
import type { Row } from '../../src/storage/schema.ts';
import type { Caller } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { until } from './support/until.ts';

const WORDS = 'scripted:words';
const OTHER = 'scripted:other';
const SLOW = 'scripted:slow';
const MEANINGS = [
  ['hound', 'dog'],
  ['physician', 'doctor'],
  ['vessel', 'boat'],
];
const nobodyStops = new AbortController().signal;

let house: ChatHouse;
let owner: Caller;
let pair: Pair;

beforeAll(async () => {
  house = await openHouse({
    script: {
      contextLength: 2600,
      embeddings: [
        { name: 'words', synonyms: MEANINGS },
        {
          name: 'other',
          dimensions: 128,
          synonyms: MEANINGS,
          failures: [{ contains: 'unspeakable', code: 'provider-refused', retryable: false }],
        },
        { name: 'slow', dimensions: 64, delayInMs: 700 },
        { name: 'english', dimensions: 64, languages: ['en'], failures: [{ contains: '湖', retryable: false }] },
      ],
      rules: [
        { when: { contains: 'name your favourite' }, times: 1, steps: [{ type: 'tokens', tokens: ['A grey heron.'] }] },
        { when: { contains: 'name your favourite' }, steps: [{ type: 'tokens', tokens: ['A red squirrel.'] }] },
        { when: { contains: '' }, steps: [{ type: 'tokens', tokens: ['The weather ', 'keeps turning.'] }] },
      ],
    },
  });
  owner = house.owner;
  pair = { ownerId: house.app.accounts.terminalActor.userId, characterId: 'starter-mira' };
  await choose(WORDS);
});
afterAll(() => house[Symbol.asyncDispose]());

const choose = (ref: string | null) => owner.call('POST', '/api/memory/embeddings/choose', { ref });
const rows = (): Promise<Row<'memoryVector'>[]> =>
  house.app.storage.db.selectFrom('memoryVector').selectAll().execute();
const rowsOf = async (messageId: string) => (await rows()).filter((row) => row.messageId === messageId);
const toEmbed = async () => (await house.app.memory.embedProgress.of(pair, nobodyStops)).toEmbed;
const allEmbedded = (): Promise<boolean> => until('every message has its vector', async () => (await toEmbed()) === 0);
const memoryOf = async (messageId: string) =>
  (await owner.call<Receipt>('GET', `/api/messages/${messageId}/receipt`)).memory;

/** Talk that pushes what was said before out of the window. */
async function talkOn(conversationId: string): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    await owner.talk(
      conversationId,
      `Round ${round}: ${'the market was loud and the bread was late, and nobody minded much about it at all '.repeat(4)}`,
    );
  }
}

async function ask(conversationId: string, text: string) {
  const { reply } = await owner.talk(conversationId, text);
  return (await memoryOf(reply.id)) ?? { mode: 'off', used: [] };
}

/** What is recalled from the end of a conversation, nothing of it being in a window. */
async function recalled(conversationId: string, text: string) {
  const { recall, memories, facts } = house.app.memory;
  const { leafId } = await owner.conversation(conversationId);
  const view = await memories.view(pair, { conversationId, endId: leafId });
  const { mode, passages } = await recall.recall({
    pair,
    view,
    texts: [{ text, weight: 1 }],
    exclude: new Set<string>(),
    forbidden: await facts.rules(pair),
    names: [],
    now: Date.now(),
    timeZone: 'UTC',
    limit: 12,
    signal: nobodyStops,
  });
  return { mode, ids: passages.map(({ turn }) => turn.id), passages };
}

/** The same where the machine is so busy that a first look may lose its patience. */
const recalledByMeaning = (conversationId: string, text: string) =>
  until('it was looked for by meaning', async () => {
    const found = await recalled(conversationId, text);
    return found.mode === 'hybrid' ? found : null;
  });

describe('what was said is found by what it means', () => {
  test('without a word in common, and the receipt says how', async () => {
    const { id } = await owner.begin();
    const { sent } = await owner.talk(id, 'Our hound limps.');
    await talkOn(id);
    await allEmbedded();
    // A busy machine may lose its patience with the first questions.
    const { used } = await until('it was looked for by meaning', async () => {
      const memory = await ask(id, 'dog?');
      return memory.mode === 'hybrid' ? memory : null;
    });
    const found = used.find((use) => use.id === sent.message.id);
    expect(found?.parts.vector).toBeGreaterThan(0);
    expect(found?.parts.lexical).toBe(0);
  });

  test('never on a branch where it was not said', async () => {
    const { id } = await owner.begin();
    const first = await owner.talk(id, 'Please name your favourite animal.');
    const again = await owner.call<{ reply: Message }>('POST', `/api/conversations/${id}/replies`, {
      kind: 'regenerate',
      messageId: first.reply.id,
    });
    await owner.ended(id, again.reply.id);
    await allEmbedded();
    expect(await rowsOf(first.reply.id)).toHaveLength(1);
    const there = await recalledByMeaning(id, 'red squirrel grey heron');
    expect(there.ids).toContain(again.reply.id);
    expect(there.ids).not.toContain(first.reply.id);
    await owner.call('POST', `/api/conversations/${id}/path`, { messageId: first.reply.id });
    const back = await recalledByMeaning(id, 'red squirrel grey heron');
    expect(back.ids).toContain(first.reply.id);
    expect(back.ids).not.toContain(again.reply.id);
  });

  test('nothing that was forgotten, and nothing private', async () => {
    const { id } = await owner.begin();
    const { sent } = await owner.talk(id, 'My physician is called Ambrose.');
    await allEmbedded();
    expect(await rowsOf(sent.message.id)).toHaveLength(1);
    await house.app.memory.facts.forgetMessage(pair, sent.message.id);
    expect(await rowsOf(sent.message.id)).toHaveLength(0);
    await owner.talk(id, 'Something else entirely.');
    await allEmbedded();
    expect(await rowsOf(sent.message.id)).toHaveLength(0);

    await owner.call('PATCH', `/api/conversations/${id}`, { memory: 'private' });
    await owner.talk(id, 'Between us two.');
    await until('the private conversation has no vectors', async () =>
      (await rows()).every(({ conversationId }) => conversationId !== id),
    );
  });

  test('messages that are purged take their vectors along', async () => {
    const { id } = await owner.begin();
    await owner.talk(id, 'The vessel sails at dawn.');
    await allEmbedded();
    expect((await rows()).some(({ conversationId }) => conversationId === id)).toBe(true);
    await owner.call('DELETE', `/api/conversations/${id}`);
    await owner.call('POST', `/api/conversations/${id}/purge`);
    expect((await rows()).some(({ conversationId }) => conversationId === id)).toBe(false);
  });
});

describe('the model of memory', () => {
  test('another one takes over when everything has its vector; until then the old one answers', async () => {
    const { id } = await owner.begin();
    const { sent } = await owner.talk(id, 'The unspeakable vessel is called Perdita.');
    await allEmbedded();
    // So slow that questions come while it is at work.
    await choose(SLOW);
    const before = await until('it is counted what is left', toEmbed);
    expect(before).toBeGreaterThan(0);
    const meanwhile = await recalledByMeaning(id, 'boat?');
    expect(meanwhile.ids[0]).toBe(sent.message.id);
    expect((await rowsOf(sent.message.id)).map(({ model }) => model)).toContain(WORDS);

    await choose(OTHER);
    await allEmbedded();
    await until('the old vectors are gone', async () => (await rows()).every(({ model }) => model === OTHER));
    // The model takes no such word: the message is found by words only, all others by meaning.
    const [refused] = await rowsOf(sent.message.id);
    expect(refused?.vector).toHaveLength(0);
    expect((await rows()).filter(({ vector }) => vector.length === 128).length).toBeGreaterThan(5);
    const after = await recalledByMeaning(id, 'boat?');
    expect(after.passages.find(({ turn }) => turn.id === sent.message.id)?.parts.vector ?? 0).toBe(0);
  });

  test('taken away, recall goes on with words, and comes back with it', async () => {
    await choose(null);
    const { id } = await owner.begin();
    const { sent } = await owner.talk(id, 'Our hound Argos waited for years.');
    const without = await recalled(id, 'Who was Argos?');
    expect(without.mode).toBe('lexical');
    expect(without.ids[0]).toBe(sent.message.id);
    expect((await recalled(id, 'dog?')).ids).not.toContain(sent.message.id);
    expect(await toEmbed()).toBeNull();
    await choose(WORDS);
    await allEmbedded();
    const again = await recalledByMeaning(id, 'dog?');
    expect(again.ids).toContain(sent.message.id);
  });

  test('one that reads no Chinese is not asked about it', async () => {
    const { id } = await owner.begin();
    const { sent, reply } = await owner.talk(id, '我们去湖边看了很多天鹅。');
    await choose('scripted:english');
    await allEmbedded();
    expect((await rowsOf(sent.message.id)).find(({ model }) => model === 'scripted:english')?.vector).toHaveLength(0);
    expect((await rowsOf(reply.id)).find(({ model }) => model === 'scripted:english')?.vector).toHaveLength(64);
    expect((await recalled(id, '湖边有什么？')).mode).toBe('lexical');
    await choose(WORDS);
    await allEmbedded();
  });

  test('a slow one costs a reply no more than its patience', async () => {
    await choose(SLOW);
    const { id } = await owner.begin();
    await owner.talk(id, 'The bread was late.');
    await house.app.storage.db.deleteFrom('memoryVector').where('model', '<>', SLOW).execute();
    // Who waited for it would have an answer by meaning.
    const { mode, ids } = await recalled(id, 'And the bread?');
    expect(mode).toBe('lexical');
    expect(ids.length).toBeGreaterThan(0);
    await choose(WORDS);
  });

  test('what was said before the house closed is embedded when it opens again', async () => {
    await choose(WORDS);
    const { id } = await owner.begin();
    const said = await owner.talk(id, 'The doctor comes on Thursday.');
    await house.close();
    await house.reopen();
    await until('the last words have their vector', async () => (await rowsOf(said.reply.id)).length === 1);
    await allEmbedded();
  });
});

describe('much at once', () => {
  test('fifty conversations that talk at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, () => owner.begin().then(({ id }) => id)));
    for (let first = 0; first < ids.length; first += 10) {
      await Promise.all(ids.slice(first, first + 10).map((id, index) => owner.talk(id, `Place ${first + index}.`)));
    }
    await allEmbedded();
    const embedded = new Set((await rows()).map(({ conversationId }) => conversationId));
    expect(ids.filter((id) => !embedded.has(id))).toEqual([]);
  });

  test('ten million characters in one conversation', async () => {
    const { id } = await owner.begin();
    const { db } = house.app.storage;
    const { reply } = await owner.talk(id, 'Let me tell you a long story.');
    const model = await db.selectFrom('message').selectAll().where('id', '=', reply.id).executeTakeFirstOrThrow();
    const text = 'The caravan went on through sand and wind. '.repeat(2326);
    for (let index = 0; index < 100; index += 1) {
      const parts = JSON.stringify([{ type: 'text', text: `${index}. ${text}` }]);
      const place = { id: `${reply.id}-${String(index).padStart(3, '0')}`, parentId: reply.id };
      await db
        .insertInto('message')
        .values({ ...model, ...place, parts })
        .execute();
    }
    const { clock, storage } = house.app;
    const events = createEventWriter({ clock, newId: createIdGenerator(clock) });
    const actorId = pair.ownerId;
    await storage.transaction((trx) =>
      events.append(trx, { type: 'conversation-import', actorId, subjectId: id, payload: { messages: 100 } }),
    );
    await allEmbedded();
    expect((await rows()).filter(({ conversationId }) => conversationId === id).length).toBeGreaterThanOrEqual(102);
  });
});
