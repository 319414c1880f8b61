import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateEmbedding } from '../../scripts/test-run/ensure-weights.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { appendToPath } from '../../src/conversation/conversation-tree.ts';
import { JobQueue } from '../../src/jobs/job-queue.ts';
import { HousePairMemories } from '../../src/memory/pair-memories.ts';
import { QuietTime } from '../../src/memory/quiet-time.ts';
import { RecallService } from '../../src/memory/recall-service.ts';
import { loadEmbeddingCatalog } from '../../src/models/catalog/embedding-catalog.ts';
import { createEmbeddingHost, type EmbeddingHost } from '../../src/models/embedding/embedding-host.ts';
import { openVectors } from '../../src/open-vectors.ts';
import { beginConversation, nextMessage, type Talk } from '../../bench/storage/seed-conversation.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';
import { directoryOf } from './only-embedding.ts';

const ID = 'all-minilm-l6-v2';
const ready = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',').includes(ID);
const signal = new AbortController().signal;
const SAID = [
  'Good evening! What have you been up to?',
  'I repainted the kitchen, mostly white.',
  'White is brave with two children.',
  'My sister adopted a grey kitten, it sleeps in the laundry basket.',
  'Kittens know where the warm places are.',
  'On Friday I fly to Lisbon, the meeting is about the new tram line.',
  'Then pack light, the hills there are steep.',
  'The mechanic says the brakes will last until spring.',
  'Let us hope he is right.',
];

describe.skipIf(!ready)('recall with all-MiniLM-L6-v2', () => {
  let host: EmbeddingHost;
  let opened: TestStorage;
  let talk: Talk;
  let left: number | null;
  let recall: (text: string) => Promise<{ mode: string; best: string | undefined }>;

  beforeAll(async () => {
    const entry = (await loadEmbeddingCatalog()).entries.find(({ id }) => id === ID)!;
    host = createEmbeddingHost({ entry, files: await locateEmbedding(ID), clock: systemClock, logger: silentLogger() });
    opened = await openTestStorage();
    const { storage } = opened;
    const newId = createIdGenerator(systemClock);
    talk = await beginConversation(storage, newId);
    for (const text of SAID) {
      talk.leaf = { ...nextMessage(talk, newId), parts: [{ type: 'text', text }] };
      const { leaf } = talk;
      await storage.transaction((trx) => appendToPath(trx, { conversation: talk.conversation, nodes: [leaf] }));
    }
    const logger = silentLogger();
    const { ownerId, characterId } = talk.conversation;
    const pair = { ownerId, characterId };
    const memories = new HousePairMemories({ db: storage.db, logger });
    const rules = async () => ({ forbids: () => false });
    const vectors = openVectors({
      storage,
      logger,
      memories,
      rules,
      directory: directoryOf(host),
      queue: new JobQueue({ clock: systemClock, newId }),
      quiet: new QuietTime([]),
      replies: { busy: false, onChange: () => ({ [Symbol.dispose]: () => undefined }) },
    });
    await vectors.job.run({ key: '', payload: pair, attempts: 1 }, signal);
    left = (await vectors.progress.of(pair, signal)).toEmbed;
    const service = new RecallService({ vectors: vectors.recall });
    recall = async (text) => {
      const view = await memories.view(pair);
      const { mode, passages } = await service.recall({
        pair,
        view,
        texts: [{ text, weight: 1 }],
        exclude: new Set<string>(),
        forbidden: await rules(),
        names: [],
        now: Date.now(),
        timeZone: 'UTC',
        limit: 3,
        signal,
      });
      return { mode, best: passages[0]?.turn.text };
    };
    // The first question loads the model, which takes longer than a reply waits.
    await host.handle.embed(['Hello.'], { kind: 'query', signal });
  });
  afterAll(async () => {
    await host?.[Symbol.asyncDispose]();
    await opened?.[Symbol.asyncDispose]();
  });

  test('every message has its vector', () => expect(left).toBe(0));

  test.each([
    ['What pets does the family have?', SAID[3]],
    ['Which journeys are planned?', SAID[5]],
    ['Does the vehicle need repairs?', SAID[7]],
    ['Any home improvement lately?', SAID[1]],
  ])('“%s” finds what has no word in common with it', async (question, said) => {
    const { mode, best } = await recall(question);
    expect(mode).toBe('hybrid');
    expect(best).toBe(said);
  });
});
