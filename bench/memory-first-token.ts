import { unbilled } from '../tests/support/unbilled.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { silentLogger } from '../src/base/logger.ts';
import { seededNumbers } from '../src/base/seeded-numbers.ts';
import { HousePairMemories } from '../src/memory/pair-memories.ts';
import { RecallService } from '../src/memory/recall-service.ts';
import { TurnMemory } from '../src/memory/turn-memory.ts';
import { MeaningRecall } from '../src/memory/vectors/meaning-recall.ts';
import { QueryVectors } from '../src/memory/vectors/query-vectors.ts';
import { QueryTraffic } from '../src/memory/vectors/query-traffic.ts';
import { ServingModel } from '../src/memory/vectors/serving-model.ts';
import { SignatureSearch } from '../src/memory/vectors/signature-search.ts';
import { VectorStore } from '../src/memory/vectors/vector-store.ts';
import { createScriptedModel } from '../src/models/scripted/scripted-model.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { createTurnRunner, type TurnRunner } from '../src/turn/run-turn.ts';
import type { TurnRequest } from '../src/turn/turn-request.ts';
import { BENCH_MODEL, benchEmbeddings } from './memory/bench-embedding.ts';
import { TopicVectors, liveLong, wordsAbout } from './memory/long-life.ts';
import { say, turnAt } from './prompt/lore-talk.ts';
import { median, printFigure } from './report/figure.ts';
import { beginConversation } from './storage/seed-conversation.ts';

/**
 * When a reply's first word comes, with the index of 100,000 messages and without memory, in turns on the same talk: the
 * processor time of the house until then, and what a small local model takes to begin on two cores, which is reckoned.
 */
const MESSAGES = 100_000;
const TURNS = 15;
const CONTEXT_LENGTH = 8192;
const MODEL_BEGINS_AFTER_IN_MS = 1000;
/** Of the first word's time without memory. */
const TARGET_SHARE = 1.05;

const random = seededNumbers(9);
const vectors = new TopicVectors(random);
const newId = createIdGenerator(systemClock);
const signal = new AbortController().signal;
const dataDirectory = await mkdtemp(join(tmpdir(), 'everwith-bench-'));

try {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const talk = await beginConversation(storage, newId);
  await liveLong(storage, { talk, newId, count: MESSAGES, random, vectors, model: BENCH_MODEL });
  const runners = { with: runnerWith(storage), without: runnerOf(storage, null) };
  const times: Record<keyof typeof runners, number[]> = { with: [], without: [] };
  for (let turn = -2; turn < TURNS; turn += 1) {
    for (const [name, runner] of Object.entries(runners) as [keyof typeof runners, TurnRunner][]) {
      await say(storage, { talk, text: wordsAbout(turn, random), newId });
      await say(storage, { talk, text: `Do you remember the ${wordsAbout(turn * 3, random)}?`, newId });
      const time = await firstWordOf(runner, await turnAt(storage, { talk, presetId: null, signal }));
      if (turn >= 0) times[name].push(time);
    }
  }
  const value = median(times.with);
  const reference = median(times.without);
  printFigure({
    name: 'first word with an index of 100k messages, beside none',
    value,
    unit: 'ms',
    reference,
    target: `<= ${TARGET_SHARE}x`,
    pass: value <= reference * TARGET_SHARE,
  });
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}

function runnerWith(storage: Storage): TurnRunner {
  const logger = silentLogger();
  const store = new VectorStore(storage);
  const serving = new ServingModel({ directory: benchEmbeddings(vectors), store });
  const meaning = new MeaningRecall({
    serving,
    search: new SignatureSearch(store),
    queries: new QueryVectors({ traffic: new QueryTraffic() }),
    logger,
  });
  const memory = new TurnMemory({
    memories: new HousePairMemories({ db: storage.db, logger }),
    recall: new RecallService({ vectors: meaning }),
    parts: { facts: null, dates: null, diary: null, summaries: null, rules: async () => ({ forbids: () => false }) },
    clock: systemClock,
    logger,
  });
  return runnerOf(storage, { memory, timeZone: 'UTC' });
}

function runnerOf(storage: Storage, memory: Parameters<typeof createTurnRunner>[0]['memory']): TurnRunner {
  const model = createScriptedModel({
    contextLength: CONTEXT_LENGTH,
    rules: [
      {
        steps: [{ type: 'tokens', tokens: ['Yes.'] }],
      },
    ],
  });
  return createTurnRunner({
    db: storage.db,
    directory: { resolve: async () => unbilled(model) },
    clock: systemClock,
    memory,
  });
}

async function firstWordOf(runner: TurnRunner, request: TurnRequest): Promise<number> {
  const before = process.cpuUsage();
  for await (const part of runner.run(request)) {
    if (part.type !== 'text-delta') continue;
    const { user, system } = process.cpuUsage(before);
    return MODEL_BEGINS_AFTER_IN_MS + (user + system) / 1000;
  }
  throw new Error('The model said nothing.');
}
