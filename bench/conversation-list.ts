import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator, type NewId } from '../src/base/ids.ts';
import { setConversationMarks } from '../src/conversation/conversation-mark-store.ts';
import { insertConversation } from '../src/conversation/conversation-store.ts';
import { insertParticipant } from '../src/conversation/participant-store.ts';
import { LiveReplies } from '../src/conversation/live-replies.ts';
import { RoomPresence } from '../src/conversation/room-presence.ts';
import { countMarks } from '../src/conversation/mark-counts-store.ts';
import { listFor, type ListRequest } from '../src/features/chat/list-conversations.ts';
import type { ChatContext } from '../src/features/chat/chat-context.ts';
import { MessageSearchStore } from '../src/storage/search/message-search-store.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { percentile, printFigure } from './report/figure.ts';
import { OWNER, beginConversation } from './storage/seed-conversation.ts';

/**
 * What a request for the list waits for behind the door, with 5,000 conversations beside the same with 100: the first
 * page, one far down, orders that are worked out, filters, and the counts beside them. Every tenth is tagged, every
 * seventh lies in a folder, every ninth was read. `EVERWITH_BENCH_POSTGRES` names a PostgreSQL to measure as well.
 */
const MANY = 5000;
const FEW = 100;
const PAGE = 40;
const ROUNDS = 60;
/** A list that is there within a tenth of a second feels instant; half of it is the network's and the browser's. */
const TARGET = 50;

/** What this process worked for it, and how long somebody waited, which is more where others use the machine; ms. */
interface Times {
  work: number;
  wait: number;
}

const folder = await mkdtemp(join(tmpdir(), 'everwith-bench-list-'));
const postgres = process.env['EVERWITH_BENCH_POSTGRES'];
try {
  await measure('SQLite', (name) => openStorage({ dataDirectory: join(folder, name), clock: systemClock }));
  if (postgres !== undefined) await measureOnPostgres(postgres);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureOnPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const schemaOf = (name: string) => `bench_list_${process.pid}_${name}`;
  try {
    for (const name of ['few', 'many']) await client.query(`create schema ${schemaOf(name)}`);
    await measure('PostgreSQL', (name) =>
      openStorage({
        dataDirectory: join(folder, `pg-${name}`),
        postgres: { url, schema: schemaOf(name) },
        clock: systemClock,
      }),
    );
  } finally {
    for (const name of ['few', 'many']) await client.query(`drop schema if exists ${schemaOf(name)} cascade`);
    await client.end();
  }
}

async function measure(engine: string, open: (name: string) => Promise<Storage>): Promise<void> {
  const few = await timesOf(await open('few'), FEW);
  const many = await timesOf(await open('many'), MANY);
  for (const [way, times] of many) {
    for (const kind of ['work', 'wait'] as const) {
      const of = (all: readonly Times[]) =>
        percentile(
          all.map((one) => one[kind]),
          0.95,
        );
      const value = of(times);
      const name = `list of ${MANY} conversations, ${engine}, ${way}, ${kind}, p95 (reference: ${FEW})`;
      const reference = of(few.get(way) ?? []);
      printFigure({ name, value, unit: 'ms', reference, target: `<= ${TARGET} ms`, pass: value <= TARGET });
    }
  }
}

async function timesOf(opened: Storage, count: number): Promise<Map<string, Times[]>> {
  await using storage = opened;
  const newId = createIdGenerator(systemClock);
  await seed(storage, { count, newId });
  const context = {
    storage,
    search: new MessageSearchStore(storage.dialect),
    live: new LiveReplies(),
    presence: new RoomPresence(() => undefined),
    people: { localeOf: async () => 'zh-CN', nameOf: async () => 'Robin' },
  } as unknown as ChatContext;
  const actor = { userId: OWNER } as Parameters<typeof listFor>[1];
  const list = (request: Partial<ListRequest>) => listFor(context, actor, { limit: PAGE, ...request });
  let cursor: string | undefined;
  for (let read = 0; read < count * 0.8; read += 100) {
    cursor = (await list({ limit: 100, cursor })).nextCursor ?? cursor;
  }
  const ways: Record<string, () => Promise<unknown>> = {
    'first page': () => list({}),
    'a page far down': () => list({ cursor }),
    'by name': () => list({ sort: 'name' }),
    'unread first': () => list({ sort: 'unread' }),
    'one tag': () => list({ tag: 'sea' }),
    'search by title': () => list({ search: '灯塔 17' }),
    'folders, tags and counts': () => countMarks(storage.db, OWNER),
  };
  const times = new Map<string, Times[]>();
  for (const [way, run] of Object.entries(ways)) {
    const taken: Times[] = [];
    for (let round = 0; round < ROUNDS + 5; round += 1) {
      const startedAt = performance.now();
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round >= 5) taken.push({ work: (user + system) / 1000, wait: performance.now() - startedAt });
    }
    times.set(way, taken);
  }
  return times;
}

async function seed(storage: Storage, { count, newId }: { count: number; newId: NewId }): Promise<void> {
  const { conversation: first } = await beginConversation(storage, newId);
  const now = systemClock.now();
  const ids: string[] = [];
  await storage.transaction(async (trx) => {
    for (let index = 0; index < count; index += 1) {
      const id = newId();
      ids.push(id);
      const updatedAt = now - index * 60_000;
      const title = index % 3 === 0 ? null : index % 2 === 0 ? `灯塔 ${index}` : `The lighthouse ${index}`;
      const more = {
        title,
        messageCount: index % 200,
        preview: 'The lantern was lit.',
        createdAt: updatedAt,
        updatedAt,
      };
      await insertConversation(trx, { ...first, ...more, id, clientId: null });
      const seat = { conversationId: id, fromStart: true, createdAt: updatedAt };
      await insertParticipant(trx, {
        ...seat,
        id: newId(),
        kind: 'human',
        role: 'host',
        subjectId: OWNER,
        name: 'Robin',
        position: 0,
      });
      await insertParticipant(trx, {
        ...seat,
        id: newId(),
        kind: 'character',
        role: 'character',
        subjectId: first.characterId,
        name: 'Mira',
        characterVersionId: first.characterVersionId,
        position: 1,
      });
    }
    const some = (every: number) => ids.filter((_, index) => index % every === 0);
    const change = (every: number, mark: Parameters<typeof setConversationMarks>[1]['change']) =>
      setConversationMarks(trx, { userId: OWNER, conversationIds: some(every), change: mark });
    await change(10, { tags: ['sea'] });
    await change(7, { folderId: 'a-folder' });
    await change(9, { seenAt: now - 1_000_000 });
  });
  if (storage.dialect === 'postgres') await sql`vacuum analyze`.execute(storage.db);
}
