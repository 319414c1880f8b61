import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  DiaryEntry,
  DiaryEntryList,
  MemoryDate,
  MemoryFact,
  MemoryFactList,
  MemoryFile,
  MemoryOverview,
  MemoryPortrait,
  MemoryRule,
  MemorySearch,
  MemorySettings,
  MemorySourceList,
  MemoryTimeline,
} from '../../contract/memory.ts';
import type { Character } from '../../contract/characters.ts';
import type { Caller } from './support/caller.ts';
import { leaveDistilledFact } from './support/distilled-fact.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';

let house: ChatHouse;
let owner: Caller;
let lastNumber = 0;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [{ when: { contains: '' }, steps: [{ type: 'tokens', tokens: ['The weather ', 'keeps turning.'] }] }],
    },
  });
  owner = house.owner;
});
afterAll(() => house[Symbol.asyncDispose]());

/** A character of one's own, so that tests do not know each other's memories. */
async function friend(who = owner): Promise<string> {
  lastNumber += 1;
  const { id } = await who.call<Character>('POST', '/api/characters', { name: `Friend ${lastNumber}`, greeting: 'Hi' });
  return id;
}

/** A fact as a distiller leaves it, resting on a message. */
async function distil(characterId: string, messageId: string, fact: { text: string; quote: string }): Promise<string> {
  lastNumber += 1;
  const id = `fact-${lastNumber}`;
  await leaveDistilledFact(house, { id, characterId, messageId, ...fact });
  return id;
}

const memory = <T>(characterId: string, rest = ''): Promise<T> =>
  owner.call<T>('GET', `/api/characters/${characterId}/memory${rest}`);
const facts = async (characterId: string, query = ''): Promise<MemoryFact[]> =>
  (await memory<MemoryFactList>(characterId, `/facts${query}`)).facts;

describe('facts', () => {
  test('show where they come from, leave with their source and return with it', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent } = await owner.talk(id, 'We moved to Porto in May, and it rained.');
    await distil(characterId, sent.message.id, { text: 'Ines moved to Porto.', quote: 'We moved to Porto in May' });
    const [fact] = await facts(characterId);
    expect(fact).toMatchObject({ text: 'Ines moved to Porto.', counts: true, by: 'model' });
    expect(fact!.sources).toEqual([
      expect.objectContaining({
        messageId: sent.message.id,
        conversationId: id,
        byHuman: true,
        present: true,
        excerpt: 'We moved to Porto in May, and it rained.',
      }),
    ]);
    await owner.call('POST', `/api/messages/${sent.message.id}/edit`, { text: 'We moved to Braga.' });
    expect(await facts(characterId, '?counts=true')).toEqual([]);
    const [gone] = await facts(characterId, '?counts=false');
    expect(gone).toMatchObject({ counts: false, sources: [{ present: false }] });
    await owner.call('POST', `/api/conversations/${id}/path`, { messageId: sent.message.id });
    expect(await facts(characterId, '?counts=true')).toHaveLength(1);
    await owner.call('DELETE', `/api/messages/${sent.message.id}`);
    const [deleted] = await facts(characterId, '?counts=false');
    expect(deleted!.sources).toEqual([expect.objectContaining({ present: false, excerpt: '' })]);
  });

  test('are added, found, corrected, pinned and let count everywhere by the person', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent } = await owner.talk(id, 'My sister Hedwig restores violins.');
    const read = await distil(characterId, sent.message.id, {
      text: 'Hedwig restores violins.',
      quote: 'My sister Hedwig restores violins.',
    });
    const own = await owner.call<MemoryFact>('POST', `/api/characters/${characterId}/memory/facts`, {
      about: 'promise',
      text: '下周一起去看海。',
      pinned: true,
    });
    expect(own).toMatchObject({ by: 'user', state: 'pinned', counts: true, sources: [] });
    expect((await facts(characterId, '?query=violin')).map((fact) => fact.id)).toEqual([read]);
    expect((await facts(characterId, `?query=${encodeURIComponent('看海')}`)).map((fact) => fact.id)).toEqual([own.id]);
    expect((await facts(characterId, '?about=promise')).map((fact) => fact.id)).toEqual([own.id]);
    expect((await facts(characterId, '?state=pinned')).map((fact) => fact.id)).toEqual([own.id]);

    const corrected = await owner.call<MemoryFact>('PATCH', `/api/memory/facts/${read}`, {
      text: 'Hedwig restores cellos.',
      pinned: true,
    });
    expect(corrected).toMatchObject({ text: 'Hedwig restores cellos.', state: 'pinned', by: 'user', replacesId: read });
    expect((await facts(characterId, '?counts=true')).map((fact) => fact.id).toSorted()).toEqual(
      [own.id, corrected.id].toSorted(),
    );
    expect((await facts(characterId, '?state=corrected')).map((fact) => fact.id)).toEqual([read]);
    expect(await facts(characterId, '?counts=false')).toEqual([]);

    const refused = await owner.refusal('PATCH', `/api/memory/facts/${own.id}`, { validFrom: 20, validTo: 10 });
    expect(refused).toMatchObject({ status: 400, field: 'validTo' });
    const events = await house.app.storage.db
      .selectFrom('event')
      .select(['type', 'payload'])
      .where('subjectId', '=', characterId)
      .where('type', 'like', 'memory-%')
      .orderBy('sequence')
      .execute();
    expect(events.map(({ type }) => type)).toEqual(['memory-add', 'memory-change']);
    expect(events.some(({ payload }) => /cello|violin|看海/.test(payload))).toBe(false);
  });

  test('come in pages, and a cursor that leads nowhere says so', async () => {
    const characterId = await friend();
    for (const text of ['one', 'two', 'three']) {
      await owner.call('POST', `/api/characters/${characterId}/memory/facts`, { about: 'user', text });
    }
    const first = await memory<MemoryFactList>(characterId, '/facts?limit=2');
    expect(first.facts.map(({ text }) => text)).toEqual(['three', 'two']);
    const second = await memory<MemoryFactList>(characterId, `/facts?limit=2&cursor=${first.nextCursor}`);
    expect(second).toMatchObject({ facts: [{ text: 'one' }], nextCursor: null });
    const lost = await owner.refusal('GET', `/api/characters/${characterId}/memory/facts?cursor=nowhere`);
    expect(lost).toMatchObject({ status: 400, field: 'cursor' });
  });
});

describe('the page', () => {
  test('says how much there is, tells it in the order of time and as a portrait', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    await owner.talk(id, 'Good evening.');
    const base = `/api/characters/${characterId}/memory`;
    await owner.call('POST', `${base}/facts`, { about: 'user', text: 'Plays the oboe.', pinned: true });
    await owner.call('POST', `${base}/facts`, { about: 'place', text: 'The harbour café.' });
    const entry = await owner.call<DiaryEntry>('POST', `${base}/diary`, { text: 'A quiet evening.', at: 1000 });
    const dueAt = Date.now() + 5 * 24 * 60 * 60 * 1000;
    const date = await owner.call<MemoryDate>('POST', `${base}/dates`, { text: 'Concert', dueAt });
    await owner.call('POST', `${base}/rules`, { kind: 'words', words: 'my salary' });

    const overview = await memory<MemoryOverview>(characterId);
    expect(overview.counts).toEqual({ messages: 3, facts: 2, pinned: 1, summaries: 0, diary: 1, dates: 1, rules: 1 });
    expect(overview.settings).toMatchObject({ paused: false, otherConversations: true });
    expect(overview.work.toDistil).toBeGreaterThanOrEqual(0);

    const timeline = await memory<MemoryTimeline>(characterId, '/timeline?limit=3');
    expect(timeline.items.map(({ kind }) => kind)).toEqual(['date', 'fact', 'fact']);
    const rest = await memory<MemoryTimeline>(
      characterId,
      `/timeline?limit=3&cursor=${encodeURIComponent(timeline.nextCursor!)}`,
    );
    expect(rest).toMatchObject({ items: [{ kind: 'diary', at: 1000 }], nextCursor: null });

    const portrait = await memory<MemoryPortrait>(characterId, '/portrait');
    expect(portrait.groups.map(({ about }) => about)).toEqual(['user', 'place']);
    expect(portrait.dates.map((one) => one.id)).toEqual([date.id]);

    const written = await owner.call<DiaryEntry>('PATCH', `/api/memory/diary/${entry.id}`, { text: 'A loud evening.' });
    expect(written).toMatchObject({ text: 'A loud evening.', at: 1000 });
    await owner.call('PATCH', `/api/memory/dates/${date.id}`, { state: 'kept' });
    expect((await memory<MemoryPortrait>(characterId, '/portrait')).dates).toEqual([]);
    await owner.call('DELETE', `/api/memory/diary/${entry.id}`);
    expect((await memory<DiaryEntryList>(characterId, '/diary')).entries).toEqual([]);
    await owner.call('DELETE', `/api/memory/dates/${date.id}`);
    expect(await memory(characterId, '/dates')).toEqual({ dates: [] });
  });

  test('finds what was said where one stands, and shows sources with the turns around them', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent, reply } = await owner.talk(id, 'My goat Persephone won the county fair.');
    const { id: other } = await owner.begin(characterId);
    await owner.talk(other, 'Nothing of importance.');
    const found = await memory<MemorySearch>(characterId, '/search?query=goat%20Persephone');
    expect(found.found.map((use) => use.id)).toContain(sent.message.id);
    expect(found.found[0]!.words.length).toBeGreaterThan(0);
    await owner.call('PATCH', `/api/conversations/${id}`, { memory: 'private' });
    const there = await memory<MemorySearch>(characterId, `/search?query=Persephone&conversationId=${id}`);
    expect(there.found.map((use) => use.id)).toContain(sent.message.id);
    const elsewhere = await memory<MemorySearch>(characterId, `/search?query=Persephone&conversationId=${other}`);
    expect(elsewhere.found).toEqual([]);
    const { sources } = await owner.call<MemorySourceList>('GET', `/api/memory/sources?ids=${reply.id},nothing`);
    expect(sources).toEqual([
      expect.objectContaining({
        messageId: reply.id,
        present: true,
        byHuman: false,
        before: expect.objectContaining({
          messageId: sent.message.id,
          excerpt: 'My goat Persephone won the county fair.',
        }),
        after: null,
      }),
    ]);
    const stranger = await house.member(`stranger${Date.now() % 100_000}`);
    expect(await stranger.call('GET', `/api/memory/sources?ids=${reply.id}`)).toEqual({ sources: [] });
    const strange = await owner.refusal(
      'GET',
      `/api/characters/starter-mira/memory/search?query=x&conversationId=${id}`,
    );
    expect(strange).toMatchObject({ status: 404, field: 'conversationId' });
  });
});

describe('a pause', () => {
  test('of a conversation leaves out what is said meanwhile, also when memory goes on', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    await owner.talk(id, 'Before the pause I planted marigolds.');
    await owner.call('PATCH', `/api/conversations/${id}`, { memory: 'paused' });
    await owner.talk(id, 'During the pause I planted tulips.');
    const { id: other } = await owner.begin(characterId);
    const ask = async (word: string): Promise<boolean> => {
      const { found } = await memory<MemorySearch>(characterId, `/search?query=${word}&conversationId=${other}`);
      return found.some(({ text }) => text.includes(word));
    };
    expect([await ask('marigolds'), await ask('tulips')]).toEqual([true, false]);
    await owner.call('PATCH', `/api/conversations/${id}`, { memory: 'on' });
    await owner.talk(id, 'After the pause I planted dahlias.');
    expect([await ask('marigolds'), await ask('tulips'), await ask('dahlias')]).toEqual([true, false, true]);
    // The messages of a pause are no rules of the person's own.
    expect(await memory(characterId, '/rules')).toEqual({ rules: [] });
  });

  test('of a character holds in all conversations with it', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    await owner.talk(id, 'Before it I baked rye.');
    const settings = `/api/characters/${characterId}/memory/settings`;
    expect(await owner.call<MemorySettings>('PATCH', settings, { paused: true })).toMatchObject({ paused: true });
    await owner.talk(id, 'Meanwhile I baked spelt.');
    const { id: other } = await owner.begin(characterId);
    await owner.talk(other, 'Meanwhile I baked brioche.');
    expect(await owner.call<MemorySettings>('PATCH', settings, { paused: false, diary: false })).toEqual({
      paused: false,
      otherConversations: true,
      distil: true,
      diary: false,
    });
    const { found } = await memory<MemorySearch>(characterId, '/search?query=baked');
    expect(found.map(({ text }) => text).filter((text) => /Meanwhile|spelt|brioche/.test(text))).toEqual([]);
    expect(found.some(({ text }) => text.includes('rye'))).toBe(true);
    const types = await house.app.storage.db
      .selectFrom('event')
      .select('type')
      .where('subjectId', '=', characterId)
      .where('type', 'in', ['memory-pause', 'memory-resume'])
      .orderBy('sequence')
      .execute();
    expect(types.map(({ type }) => type)).toEqual(['memory-pause', 'memory-resume']);
  });
});

describe('rules', () => {
  test('words are neither recalled nor known while the rule stands', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent } = await owner.talk(id, 'My therapist is called Abernathy.');
    await distil(characterId, sent.message.id, {
      text: 'Sees a therapist, Abernathy.',
      quote: 'My therapist is called Abernathy.',
    });
    const rule = await owner.call<MemoryRule>('POST', `/api/characters/${characterId}/memory/rules`, {
      kind: 'words',
      words: 'Abernathy',
    });
    expect(rule).toMatchObject({ kind: 'words', label: 'Abernathy', everyCharacter: false, messageId: null });
    expect((await memory<MemorySearch>(characterId, '/search?query=Abernathy')).found).toEqual([]);
    expect(await facts(characterId, '?counts=true')).toEqual([]);
    await owner.call('DELETE', `/api/memory/rules/${rule.id}`);
    expect(await facts(characterId, '?counts=true')).toHaveLength(1);
    expect((await memory<MemorySearch>(characterId, '/search?query=Abernathy')).found.length).toBeGreaterThan(0);
  });

  test('a message is named by its beginning; somebody else’s and another character’s are unknown', async () => {
    const characterId = await friend();
    const { id } = await owner.begin(characterId);
    const { sent } = await owner.talk(id, 'The alarm code is 4413.');
    const url = `/api/characters/${characterId}/memory/rules`;
    const rule = await owner.call<MemoryRule>('POST', url, { kind: 'message', messageId: sent.message.id });
    expect(rule).toMatchObject({ kind: 'message', label: 'The alarm code is 4413.', messageId: sent.message.id });
    const elsewhere = `/api/characters/${await friend()}/memory/rules`;
    for (const [where, messageId] of [
      [elsewhere, sent.message.id],
      [url, 'nothing'],
    ] as const) {
      expect(await owner.refusal('POST', where, { kind: 'message', messageId })).toMatchObject({
        status: 404,
        field: 'messageId',
      });
    }
    expect(await owner.refusal('POST', url, { kind: 'words', words: '!!!' })).toMatchObject({
      status: 400,
      field: 'words',
    });
  });
});

describe('memory as a file', () => {
  test('goes out and comes in again, nothing twice', async () => {
    const from = await friend();
    const base = `/api/characters/${from}/memory`;
    await owner.call('POST', `${base}/facts`, { about: 'user', text: 'Keeps bees.', pinned: true });
    await owner.call('POST', `${base}/facts`, { about: 'place', text: 'The orchard.' });
    await owner.call('POST', `${base}/diary`, { text: 'Honey today.', at: 5000 });
    await owner.call('POST', `${base}/dates`, { text: 'Harvest', dueAt: 4_000_000_000_000, recurs: 'yearly' });
    await owner.call('POST', `${base}/rules`, { kind: 'words', words: 'Stings' });
    const response = await owner.fetch(`${base}/export`);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=".*memory\.json"/);
    const file = (await response.json()) as MemoryFile;
    const to = await friend();
    const url = `/api/characters/${to}/memory/import`;
    const all = { facts: 2, diary: 1, dates: 1, rules: 1, known: 0 };
    expect(await owner.call('POST', `${url}?dry=1`, file)).toEqual(all);
    expect((await memory<MemoryOverview>(to)).counts.facts).toBe(0);
    expect(await owner.call('POST', url, file)).toEqual(all);
    expect(await owner.call('POST', url, file)).toEqual({ facts: 0, diary: 0, dates: 0, rules: 0, known: 5 });
    const again = await memory<MemoryFile>(to, '/export');
    expect({ ...again, character: null, exportedAt: 0 }).toEqual({ ...file, character: null, exportedAt: 0 });
    const twice = { ...file, facts: [...file.facts, ...file.facts] };
    expect(await owner.call('POST', `/api/characters/${await friend()}/memory/import`, twice)).toMatchObject({
      facts: 2,
      known: 2,
    });
  });

  test('of a hostile size or shape is refused, and nothing of it stays', async () => {
    const characterId = await friend();
    const url = `/api/characters/${characterId}/memory/import`;
    const empty = await memory<MemoryFile>(characterId, '/export');
    const fact = {
      about: 'user',
      subject: '',
      text: 'x',
      quote: '',
      saidAt: 1,
      validFrom: null,
      validTo: null,
      certainty: 'likely',
      pinned: false,
    };
    for (const [body, field] of [
      [{ ...empty, facts: Array.from({ length: 50_001 }, () => fact) }, 'facts'],
      [{ ...empty, facts: [{ ...fact, text: 'x'.repeat(2001) }] }, 'facts.0.text'],
      [{ ...empty, facts: [{ ...fact, about: 'everything' }] }, 'facts.0.about'],
      [{ ...empty, format: 'other' }, 'format'],
      [
        { ...empty, dates: [{ text: 'x', dueAt: -5, precision: 'day', recurs: 'none', state: 'open' }] },
        'dates.0.dueAt',
      ],
    ] as const) {
      expect(await owner.refusal('POST', url, body)).toMatchObject({ status: 400, field });
    }
    const huge = { ...empty, diary: [{ text: 'x'.repeat(34 * 1024 * 1024), at: 1, by: 'user' }] };
    expect(await owner.refusal('POST', url, huge)).toMatchObject({ status: 413 });
    expect((await memory<MemoryOverview>(characterId)).counts).toMatchObject({ facts: 0, diary: 0, dates: 0 });
  });

  test('is cleaned of what no store can keep, and says nothing of the future', async () => {
    const characterId = await friend();
    const empty = await memory<MemoryFile>(characterId, '/export');
    const fact = {
      about: 'user',
      subject: '\u0000Ines',
      text: 'Likes\u0000 \ud800tea.',
      quote: '',
      saidAt: 8_640_000_000_000_000,
      validFrom: null,
      validTo: null,
      certainty: 'likely',
      pinned: true,
    };
    const file = { ...empty, facts: [fact, { ...fact, text: '\u0000' }], rules: [{ words: '\u0000!' }] };
    const url = `/api/characters/${characterId}/memory/import`;
    expect(await owner.call('POST', url, file)).toMatchObject({ facts: 1, rules: 0, known: 0 });
    const [kept] = await facts(characterId);
    expect(kept!.text).toMatch(/^Likes .tea\.$/u);
    expect(kept!.subject).toBe('Ines');
    expect(kept!.saidAt).toBeLessThanOrEqual(Date.now() + 60_000);
    const tooLate = await owner.refusal('POST', url, { ...empty, facts: [{ ...fact, saidAt: 8_640_000_000_000_001 }] });
    expect(tooLate).toMatchObject({ status: 400, field: 'facts.0.saidAt' });
    const { id } = await owner.begin(characterId);
    expect((await owner.talk(id, 'Tea?')).reply.state).toBe('done');
  });

  test('of ten thousand facts comes in at once', async () => {
    const characterId = await friend();
    const empty = await memory<MemoryFile>(characterId, '/export');
    const facts = Array.from({ length: 10_000 }, (_, index) => ({
      about: 'user' as const,
      subject: '',
      text: `Fact number ${index}`,
      quote: '',
      saidAt: index,
      validFrom: null,
      validTo: null,
      certainty: 'likely' as const,
      pinned: false,
    }));
    const url = `/api/characters/${characterId}/memory/import`;
    expect(await owner.call('POST', url, { ...empty, facts })).toMatchObject({ facts: 10_000 });
    expect((await memory<MemoryOverview>(characterId)).counts.facts).toBe(10_000);
  });
});
