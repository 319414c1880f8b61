import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScriptInput } from '../../src/models/scripted/script.ts';
import type { Pair } from '../../src/memory/pair-view.ts';
import { MemoryHouse } from './support/memory-house.ts';

const says = (...tokens: string[]) => [{ type: 'tokens' as const, tokens }];

const PORTO = 'I was born in Porto in 1971.';
const OSLO = 'I was born in Oslo in 1984.';

const script: ScriptInput = {
  rules: [
    { when: { contains: 'Where were you born' }, times: 1, steps: says(PORTO) },
    { when: { contains: 'Where were you born' }, times: 1, steps: says(OSLO) },
  ],
  otherwise: 'echo',
};
/** Not echoed as somebody's own words: a question tells nothing. */
const quietly = (text: string): ScriptInput => ({ rules: [{ steps: says(text) }] });

describe('facts follow the path', () => {
  let memory: MemoryHouse;
  let pair: Pair;
  let conversationId: string;
  let greetings: string[];

  beforeAll(async () => {
    memory = await MemoryHouse.open({ ...script, rules: [...script.rules!, { steps: says('I see.') }] });
    const begun = await memory.begin();
    ({ pair } = begun);
    conversationId = begun.conversation.id;
    await memory.settle();
    greetings = await memory.quotes(pair);
  });
  afterAll(() => memory[Symbol.asyncDispose]());

  const known = async (): Promise<Set<string>> =>
    new Set((await memory.quotes(pair)).filter((quote) => !greetings.includes(quote)));
  const actor = () => memory.house.app.accounts.terminalActor;

  test('a reply that may still be written again is not read; the discarded one leaves nothing', async () => {
    const { reply: porto } = await memory.say(conversationId, 'Where were you born?');
    await memory.work();
    expect(await known()).toEqual(new Set());
    const oslo = await memory.regenerate(conversationId, porto.id);
    await memory.say(conversationId, "I'm allergic to peanuts.");
    await memory.work();
    expect(await known()).toEqual(new Set([OSLO]));
    await memory.settle();
    expect(await known()).toEqual(new Set(["I'm allergic to peanuts.", OSLO]));
    const { messages } = memory.house.app;
    await messages.changes.choose(actor(), conversationId, { messageId: porto.id });
    expect(await known()).toEqual(new Set());
    await memory.settle();
    expect(await known()).toEqual(new Set([PORTO]));
    await messages.changes.choose(actor(), conversationId, { messageId: oslo.id });
    expect(await known()).toEqual(new Set(["I'm allergic to peanuts.", OSLO]));
  });

  test('an edit takes the old words along, and they come back with the old version', async () => {
    const { messages } = memory.house.app;
    const before = (await memory.house.owner.path(conversationId)).findLast(({ author }) => author.kind === 'human')!;
    await messages.edit(actor(), before.id, { text: 'I am allergic to shellfish.' });
    expect(await known()).toEqual(new Set([OSLO]));
    await memory.settle();
    expect(await known()).toEqual(new Set(['I am allergic to shellfish.', OSLO]));
    await messages.changes.choose(actor(), conversationId, { messageId: before.id });
    expect(await known()).toEqual(new Set(["I'm allergic to peanuts.", OSLO]));
  });

  test('deleted and hidden messages tell nothing, until they are back', async () => {
    const { messages } = memory.house.app;
    const mine = (await memory.house.owner.path(conversationId)).findLast(({ author }) => author.kind === 'human')!;
    await messages.changes.setDeleted(actor(), mine.id, true);
    expect(await known()).toEqual(new Set([OSLO]));
    await messages.changes.setDeleted(actor(), mine.id, false);
    expect(await known()).toEqual(new Set(["I'm allergic to peanuts.", OSLO]));
    await messages.changes.setHidden(actor(), mine.id, true);
    expect(await known()).toEqual(new Set([OSLO]));
    await messages.changes.setHidden(actor(), mine.id, false);
    expect(await known()).toEqual(new Set(["I'm allergic to peanuts.", OSLO]));
  });

  test('correcting, pinning, and forgetting hold, and what was forgotten is not read again', async () => {
    const { facts } = memory;
    const { ownerId } = pair;
    const factOf = async (quote: string) => (await memory.counting(pair)).find((fact) => fact.quote === quote)!;
    const corrected = await facts.correct({ ownerId, id: (await factOf(OSLO)).id, text: 'Born in Bergen.' });
    expect(corrected).toMatchObject({ by: 'user', certainty: 'certain', sources: [] });
    expect(await known()).toEqual(new Set(['', "I'm allergic to peanuts."]));
    const peanuts = await factOf("I'm allergic to peanuts.");
    await facts.pin({ ownerId, id: peanuts.id, pinned: true });
    const view = await memory.house.app.memory.memories.view(pair);
    const told = await facts.relevant({ pair, view, texts: ['The weather is fine.'], now: Date.now(), limit: 5 });
    expect(told.map(({ fact }) => fact.text)).toEqual([peanuts.text]);
    expect(peanuts.text).toMatch(/: I'm allergic to peanuts\.$/);
    await facts.forget({ ownerId, id: peanuts.id, scope: 'fact', never: false });
    await facts.forget({ ownerId, id: corrected.id, scope: 'fact', never: false });
    const { db } = memory.house.app.storage;
    // As if rules of another version read everything anew.
    await db.deleteFrom('memoryRead').execute();
    const { messages } = memory.house.app;
    await messages.changes.choose(actor(), conversationId, {
      messageId: (await memory.house.owner.path(conversationId)).at(-1)!.id,
    });
    await memory.settle();
    expect(await known()).toEqual(new Set());
    expect(await db.selectFrom('memoryFactSource').selectAll().where('factId', '=', peanuts.id).execute()).toEqual([]);
  });

  test('forgetting where it was said takes every fact of the message, and nothing of it is read again', async () => {
    const { mine } = await memory.say(conversationId, 'My brother Teo is a baker in Turin. I hate cilantro.');
    await memory.settle();
    const found = (await memory.counting(pair)).filter(({ sources }) => sources[0]?.messageId === mine.id);
    expect(found.length).toBeGreaterThan(0);
    const { messageIds } = await memory.facts.forget({
      ownerId: pair.ownerId,
      id: found[0]!.id,
      scope: 'source',
      never: true,
    });
    expect(messageIds).toEqual([mine.id]);
    await memory.say(conversationId, 'So it goes.');
    await memory.settle();
    expect(await known()).toEqual(new Set());
    expect((await memory.facts.rules(pair)).forbids(mine.id, 'anything')).toBe(true);
  });
});

test('paused and private conversations teach nothing, and a setting switches reading off', async () => {
  await using memory = await MemoryHouse.open(quietly('I see.'));
  const { conversation, pair } = await memory.begin();
  await memory.settle();
  const greetings = await memory.quotes(pair);
  const change = (body: object) => memory.house.owner.call('PATCH', `/api/conversations/${conversation.id}`, body);
  await change({ memory: 'private' });
  await memory.say(conversation.id, 'My name is Ines and I live in Porto.');
  await memory.settle();
  expect(await memory.quotes(pair)).toEqual(greetings);
});

test('a model retells where its words stand in the source, and is not believed where they do not', async () => {
  await using memory = await MemoryHouse.open({
    ...quietly('I see.'),
    memoryRules: [
      {
        when: { contains: 'Sentence: My sister Ana' },
        steps: says('{"kind":"lasting","text":"', 'The sister Ana lives in Lyon.', '"}'),
      },
      {
        when: { contains: 'Sentence: My brother Teo' },
        steps: says('{"kind":"lasting","text":"', 'The brother Teo owns a bank in Milan.', '"}'),
      },
      { steps: says('{"kind":"passing","text":""}') },
    ],
  });
  const { conversation, pair } = await memory.begin();
  await memory.say(conversation.id, 'My sister Ana lives in Lyon.');
  await memory.say(conversation.id, 'My brother Teo is a baker in Turin.');
  await memory.settle();
  const texts = (await memory.counting(pair)).map(({ text }) => text);
  expect(texts).toContain('The sister Ana lives in Lyon.');
  expect(texts.find((text) => text.includes('Teo'))).toMatch(/: My brother Teo is a baker in Turin\.$/);
  expect(texts.join('\n')).not.toContain('Milan');
});

test('a promise with a day becomes a date that hangs on its fact', async () => {
  await using memory = await MemoryHouse.open(quietly('I promise I will call you on 3 May 2031.'));
  const { conversation, pair } = await memory.begin();
  await memory.say(conversation.id, 'Good night.');
  await memory.settle();
  const promise = (await memory.counting(pair)).find(({ about }) => about === 'promise')!;
  const { db } = memory.house.app.storage;
  const dates = await db.selectFrom('memoryDate').selectAll().where('factId', '=', promise.id).execute();
  expect(dates).toMatchObject([{ precision: 'day', state: 'open', conversationId: conversation.id }]);
  await memory.facts.forget({ ownerId: pair.ownerId, id: promise.id, scope: 'fact', never: false });
  expect(await db.selectFrom('memoryDate').selectAll().where('factId', '=', promise.id).execute()).toEqual([]);
});
