import { documentAccount } from '../../src/memory/files/document-account.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateEmbedding } from '../../scripts/test-run/ensure-weights.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { insertAttachment } from '../../src/conversation/attachment-store.ts';
import { cutPassages } from '../../src/conversation/files/cut-passages.ts';
import { JobQueue } from '../../src/jobs/job-queue.ts';
import { EmbedPassages } from '../../src/memory/files/embed-passages.ts';
import { PassageFinder } from '../../src/memory/files/passage-finder.ts';
import { PassageMeaning } from '../../src/memory/files/passage-meaning.ts';
import { QuietTime } from '../../src/memory/quiet-time.ts';
import { QueryTraffic } from '../../src/memory/vectors/query-traffic.ts';
import { QueryVectors } from '../../src/memory/vectors/query-vectors.ts';
import { QuietEmbedder } from '../../src/memory/vectors/quiet-embedder.ts';
import { loadEmbeddingCatalog } from '../../src/models/catalog/embedding-catalog.ts';
import { createEmbeddingHost, type EmbeddingHost } from '../../src/models/embedding/embedding-host.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';
import { directoryOf } from './only-embedding.ts';

const ID = 'all-minilm-l6-v2';
const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(ID);
const signal = new AbortController().signal;

/** What a page tells, and a question that shares no word with it. */
const TOLD: readonly (readonly [string, string])[] = [
  ['The physician prescribed rest and warm broth for the keeper.', 'What did the doctor recommend?'],
  ['Forty sheep drowned when the pasture was flooded.', 'Which animals died?'],
  ['The vessel carrying provisions ran aground on the reef.', 'Was there a shipwreck?'],
  ['Mr Hallam earned eleven pounds a month.', 'How much salary was somebody paid?'],
  ['A violin and an accordion were played until dawn.', 'Which music instruments are mentioned?'],
  ['The stone stair was mended by two masons from Cork.', 'Who repaired something?'],
];
const FILLER = 'Watch changed at eight, lamp trimmed, oil measured, glass wiped, log signed by the assistant.';

describe.skipIf(!ready)('passages of files with all-MiniLM-L6-v2', () => {
  let host: EmbeddingHost;
  let opened: TestStorage;
  const attachmentId = 'log';

  beforeAll(async () => {
    const entry = (await loadEmbeddingCatalog()).entries.find(({ id }) => id === ID)!;
    host = createEmbeddingHost({ entry, files: await locateEmbedding(ID), clock: systemClock, logger: silentLogger() });
    opened = await openTestStorage();
  });
  afterAll(async () => {
    await host?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
  });

  test('a question that shares no word with a passage finds it by its meaning, and by words alone does not', async () => {
    const { storage } = opened;
    const directory = directoryOf(host);
    const logger = silentLogger();
    const pages = Array.from({ length: 30 }, (_, page) => ({
      placeKind: 'page' as const,
      place: String(page + 1),
      text: [FILLER, page % 5 === 2 ? TOLD[(page - 2) / 5]![0] : FILLER, FILLER].join(' '),
    }));
    const passages = cutPassages(pages);
    const record = {
      id: attachmentId,
      conversationId: 'talk',
      uploaderId: 'owner',
      name: 'log.pdf',
      kind: 'pdf' as const,
      mediaType: 'application/pdf',
      size: 1,
      hash: '0',
      width: null,
      height: null,
      alt: '',
      sections: 30,
      passages: passages.length,
      characters: 1,
      createdAt: 0,
    };
    await storage.transaction((trx) => insertAttachment(trx, { record, passages }));
    const traffic = new QueryTraffic();
    const embedder = new QuietEmbedder({ quiet: new QuietTime([], { calmInMs: 0 }), traffic, logger });
    await new EmbedPassages({ storage, directory, embedder }).run({ key: 'log', payload: {}, attempts: 1 }, signal);
    const queue = new JobQueue({ clock: systemClock, newId: createIdGenerator(systemClock) });
    const queries = new QueryVectors({ traffic, patienceInMs: 30_000 });
    const meaning = new PassageMeaning({ storage, directory, queries, queue, logger });
    const ranks = async (finder: PassageFinder) =>
      Promise.all(
        TOLD.map(async ([, text], index) => {
          const query = { texts: [{ text, weight: 1 }], now: 0, timeZone: 'UTC', names: [] };
          const account = documentAccount({ userId: 'ann', conversationId: 'c' });
          const found = await finder.find([record], { query, account, limit: 5, spoken: false, signal });
          return found.findIndex(({ place }) => place === String(index * 5 + 3));
        }),
      );
    const byWords = await ranks(new PassageFinder({ db: storage.db, meaning: null }));
    const byMeaning = await ranks(new PassageFinder({ db: storage.db, meaning }));
    process.stdout.write(`passages: ${JSON.stringify({ byWords, byMeaning })}\n`);
    expect(byWords.filter((rank) => rank >= 0)).toHaveLength(0);
    expect(byMeaning.filter((rank) => rank === 0).length).toBeGreaterThanOrEqual(5);
    // Nothing of it is made twice.
    expect(await storage.db.selectFrom('job').selectAll().execute()).toEqual([]);
  });
});
