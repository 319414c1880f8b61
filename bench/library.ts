import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locale } from '../contract/common.ts';
import { libraryQuerySchema } from '../contract/library.ts';
import type { Actor } from '../src/accounts/actor.ts';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { localizeCard, viewCard, type StoredCard } from '../src/character/card.ts';
import { Shelves } from '../src/features/library/shelves.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { findPostgres, startPrivatePostgres } from '../tests/support/private-postgres.ts';
import { seedLibrary } from './library/seed-library.ts';
import { median, percentile, printFigure } from './report/figure.ts';

/**
 * What a person waits for who has ten thousand characters: a page of the list, a search in either language, filters,
 * the counts beside it. Against reading and parsing every card, which answers all of them too.
 */
const CHARACTERS = 10_000;
const ROUNDS = 40;
const NAIVE_ROUNDS = 3;
/** Milliseconds. */
const TARGET = 100;

const newId = createIdGenerator(systemClock);

const CASES: readonly { name: string; locale: Locale; query: Record<string, string> }[] = [
  { name: 'list', locale: 'en', query: {} },
  { name: 'list in Chinese', locale: 'zh-CN', query: {} },
  { name: 'recently used', locale: 'en', query: { sort: 'recent' } },
  { name: 'most talked with', locale: 'en', query: { sort: 'talked' } },
  { name: 'search, English', locale: 'en', query: { search: 'lantern violin' } },
  { name: 'search, Chinese', locale: 'zh-CN', query: { search: '咖啡' } },
  { name: 'filter: two tags, lore', locale: 'en', query: { tags: 'tag 4,tag 8', lore: '1' } },
  { name: 'filter: folder, favourites', locale: 'en', query: { favourite: '1', sort: 'newest' } },
];

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The list as it was without an index: every card read, parsed, put into words, searched and sorted. */
async function naive(storage: Storage, { userId, locale, search }: { userId: string; locale: Locale; search: string }) {
  const rows = await storage.db
    .selectFrom('character')
    .innerJoin('characterVersion', 'characterVersion.id', 'character.currentVersionId')
    .select(['character.id', 'card'])
    .where('ownerId', '=', userId)
    .where('deletedAt', 'is', null)
    .execute();
  const { compare } = new Intl.Collator(locale);
  const words = search.split(' ');
  return rows
    .map(({ id, card }) => ({ id, ...localizeCard(viewCard(JSON.parse(card) as StoredCard), locale) }))
    .filter(({ name, tagline, description }) => {
      const text = `${name} ${tagline} ${description}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .toSorted((a, b) => compare(a.name, b.name))
    .slice(0, 60);
}

async function measure(storage: Storage, engine: string): Promise<void> {
  const seedTime = performance.now();
  const { userId, folderId } = await seedLibrary(storage, { newId, count: CHARACTERS });
  console.error(`${engine}: ${CHARACTERS} characters came in ${((performance.now() - seedTime) / 1000).toFixed(1)} s.`);
  const actor: Actor = { userId, role: 'owner', via: 'terminal', scopes: ['all'], sessionId: null };
  const shelves = new Shelves({ storage, starters: { order: { en: [], 'zh-CN': [] } } });
  for (const { name, locale, query } of CASES) {
    const asked = libraryQuerySchema.parse(query.favourite === undefined ? query : { ...query, folder: folderId });
    await report({
      name: `library, ${engine}: ${name}`,
      reference: await naiveTime(storage, { userId, locale, search: asked.search ?? '' }),
      work: () => shelves.page({ actor, locale }, asked),
    });
  }
  const reference = await naiveTime(storage, { userId, locale: 'en', search: '' });
  await report({
    name: `library, ${engine}: counts of folders and tags`,
    reference,
    work: () => shelves.overview({ actor, locale: 'en' }),
  });
  const first = await shelves.page({ actor, locale: 'en' }, libraryQuerySchema.parse({ limit: '200' }));
  const next = libraryQuerySchema.parse({ cursor: first.nextCursor });
  await report({
    name: `library, ${engine}: next page`,
    reference,
    work: () => shelves.page({ actor, locale: 'en' }, next),
  });
}

async function naiveTime(storage: Storage, asked: { userId: string; locale: Locale; search: string }): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < NAIVE_ROUNDS; round += 1) times.push(await milliseconds(() => naive(storage, asked)));
  return median(times);
}

async function report({
  name,
  reference,
  work,
}: {
  name: string;
  reference: number;
  work: () => Promise<unknown>;
}): Promise<void> {
  const times: number[] = [];
  await work();
  for (let round = 0; round < ROUNDS; round += 1) times.push(await milliseconds(work));
  const value = percentile(times, 0.95);
  const figure = { unit: 'ms', reference, target: `p95 <= ${TARGET} ms`, pass: value <= TARGET };
  printFigure({ name: `${name} (p50 ${median(times).toFixed(1)} ms, p95)`, value, ...figure });
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  {
    await using storage = await openStorage({ dataDirectory, clock: systemClock });
    await measure(storage, 'SQLite');
  }
  if (await findPostgres()) {
    await using server = await startPrivatePostgres();
    await using storage = await openStorage({ dataDirectory, clock: systemClock, postgres: { url: server.url } });
    await measure(storage, 'PostgreSQL');
  } else {
    console.error('PostgreSQL is not installed here, so only SQLite was measured.');
  }
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}
