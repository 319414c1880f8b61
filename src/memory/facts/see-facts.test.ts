import { expect, test } from 'vitest';
import type { PairView } from '../pair-view.ts';
import { FactRanker } from './rank-facts.ts';
import type { FactRecord } from './fact-record.ts';
import { FactViewer } from './see-facts.ts';

let last = 0;

function seeFacts(facts: readonly FactRecord[], view: PairView): FactRecord[] {
  return new FactViewer().see(facts, view);
}

function fact(quote: string, more: Partial<FactRecord> = {}): FactRecord {
  last += 1;
  const id = `fact-${last}`;
  return {
    id,
    ownerId: 'owner',
    characterId: 'character',
    conversationId: 'conversation',
    about: 'user',
    subject: 'Ines',
    text: `Ines: ${quote}`,
    quote,
    language: 'en',
    saidAt: last,
    validFrom: null,
    validTo: null,
    certainty: 'certain',
    state: 'active',
    everywhere: false,
    by: 'model',
    extractor: 'rules v1',
    replacesId: null,
    replacedById: null,
    sources: [{ messageId: `message-${last}`, conversationId: 'conversation', hash: `hash-${last}` }],
    createdAt: last,
    updatedAt: last,
    ...more,
  };
}

function viewOf(...facts: FactRecord[]): PairView {
  const known = new Set(facts.flatMap(({ sources }) => sources.map(({ messageId, hash }) => `${messageId} ${hash}`)));
  return { counts: (messageId, hash) => known.has(`${messageId} ${hash}`), path: () => [], conversationIds: [] };
}

test('a fact counts with all its sources, or where the person said so', () => {
  const here = fact('I was born in Porto.');
  const gone = fact('I was born in Oslo.');
  const half = fact('I have two cats.', { sources: [...here.sources, ...gone.sources] });
  const kept = fact('I like rain.', { everywhere: true });
  const own = fact('', { by: 'user', text: 'Likes tea.', sources: [] });
  const corrected = fact('I like snow.', { everywhere: true, state: 'corrected' });
  const bare = fact('Nobody said it.', { sources: [] });
  const seen = seeFacts([here, gone, half, kept, own, corrected, bare], viewOf(here));
  expect(seen.map(({ id }) => id)).toEqual([here.id, kept.id, own.id]);
});

test('what was said twice is one fact with both sources, on each branch with its own', () => {
  const first = fact('My sister Ana lives in Lyon.');
  const again = fact('my sister Ana lives in Lyon');
  expect(seeFacts([first, again], viewOf(first, again))).toMatchObject([
    { id: first.id, sources: [...first.sources, ...again.sources] },
  ]);
  expect(seeFacts([first, again], viewOf(again))).toMatchObject([{ id: again.id, sources: again.sources }]);
  const pinned = { ...again, state: 'pinned' as const };
  expect(seeFacts([first, pinned], viewOf(first, again))[0]).toMatchObject({ id: again.id, state: 'pinned' });
});

test.each([
  ['I live in Lyon.', 'We moved to Porto in May.'],
  ['My favourite tea is oolong.', 'My favourite tea is sencha now.'],
  ['我住在成都。', '我们去年搬到杭州了。'],
  ['我最喜欢的茶是龙井。', '我最喜欢的茶是普洱。'],
])('keeps both of “%s” and “%s”, the later one superseding', (before, after) => {
  const old = fact(before);
  const next = fact(after);
  const seen = seeFacts([old, next], viewOf(old, next));
  expect(seen.map(({ replacesId, replacedById }) => [replacesId, replacedById])).toEqual([
    [null, next.id],
    [old.id, null],
  ]);
  // Off the later one's branch the earlier is as true as it was.
  expect(seeFacts([old, next], viewOf(old))).toMatchObject([{ id: old.id, replacedById: null }]);
});

test.each([
  ['I live in Porto.', 'I used to live in Lyon.'],
  ['My sister lives in Lyon.', 'My brother lives in Oslo.'],
  ['I have a dog called Nuki.', 'I have a cat called Bela.'],
  ['我住在成都。', '我小时候住在杭州。'],
])('“%s” and “%s” are both true', (one, other) => {
  const facts = [fact(one), fact(other)];
  expect(seeFacts(facts, viewOf(...facts)).map(({ replacedById }) => replacedById)).toEqual([null, null]);
});

test('what is told later of an earlier time supersedes nothing', () => {
  const home = fact('I live in Porto.', { saidAt: Date.UTC(2026, 2) });
  const long = fact('We moved to Lyon in 2010.', { saidAt: Date.UTC(2026, 5), validFrom: Date.UTC(2010, 0) });
  const seen = seeFacts([home, long], viewOf(home, long));
  expect(seen).toMatchObject([
    { id: home.id, replacesId: long.id },
    { id: long.id, replacedById: home.id },
  ]);
});

test('ranks by shared words, pinned ones first, and leaves out what shares nothing', () => {
  const ana = fact('My sister Ana lives in Lyon.');
  const cats = fact('I have two cats, Nuki and Bela.');
  const tea = fact('I drink tea every morning.', { state: 'pinned' });
  const zh = fact('我妹妹在成都当护士。');
  const ranker = new FactRanker();
  const rank = (...texts: string[]) =>
    ranker.rank([ana, cats, tea, zh], { texts, now: 100, limit: 3 }).map((one) => one.fact.id);
  expect(rank('How is Ana doing in Lyon?')).toEqual([tea.id, ana.id]);
  expect(rank('成都的护士忙吗')).toEqual([tea.id, zh.id]);
  expect(rank('Is it late?', 'What did the cats do?')).toEqual([tea.id, cats.id]);
  expect(rank('Hm.')).toEqual([tea.id]);
});
