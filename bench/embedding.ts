import { getLlama, LlamaLogLevel } from 'node-llama-cpp';
import { locateEmbedding } from '../scripts/test-run/ensure-weights.ts';
import { systemClock } from '../src/base/clock.ts';
import { silentLogger } from '../src/base/logger.ts';
import { loadEmbeddingCatalog, type EmbeddingEntry } from '../src/models/catalog/embedding-catalog.ts';
import { createEmbeddingHost, type EmbeddingHost } from '../src/models/embedding/embedding-host.ts';
import { percentile, printFigure } from './report/figure.ts';
import { CHINESE_SENTENCES } from './voice/sentences-zh.ts';
import { ENGLISH_SENTENCES } from './voice/sentences-en.ts';

/**
 * Embeddings: texts a second, and what a query waits, idle and beside a backlog, next to the bare library on the same
 * weights and as many threads in the same run, alternately, so that a busy machine slows both.
 */
const ROUNDS = 6;
const TEXTS_PER_ROUND = 32;
const QUERIES = 40;
/** Process, queue and messages may cost so much more than the bare library. */
const OVERHEAD = 1.25;
const never = new AbortController().signal;

const { entries } = await loadEmbeddingCatalog();
for (const entry of entries) {
  const files = await locateEmbedding(entry.id).catch(() => null);
  if (files) await measure(entry, files);
  else process.stderr.write(`${entry.id} is not on this computer and is left out\n`);
}

async function measure(entry: EmbeddingEntry, files: Record<string, string>): Promise<void> {
  await using host = createEmbeddingHost({ entry, files, clock: systemClock, logger: silentLogger() });
  const begun = performance.now();
  await host.handle.embed(['warm'], { kind: 'query', signal: never });
  const loadInMs = performance.now() - begun;
  printFigure({ name: `${entry.id}: load`, value: loadInMs, unit: 'ms', reference: null, target: 'told', pass: true });
  await using bare = await openBare(entry, files['model'] ?? '');
  const sentences = entry.languages.includes('zh') ? [...ENGLISH_SENTENCES, ...CHINESE_SENTENCES] : ENGLISH_SENTENCES;
  for (const [name, joined] of [
    ['sentence', 1],
    ['paragraph', 6],
  ] as const) {
    const [ours, raw]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      const texts = Array.from({ length: TEXTS_PER_ROUND }, (_, index) =>
        Array.from({ length: joined }, (_one, part) => at(sentences, (round + index) * joined + part)).join(' '),
      );
      ours.push(await perSecond(texts, () => host.handle.embed(texts, { kind: 'passage', signal: never })));
      raw.push(await perSecond(texts, () => bare.embed(texts)));
    }
    const [value, reference] = [percentile(ours, 0.5), percentile(raw, 0.5)];
    const pass = value * OVERHEAD >= reference;
    const target = `>= bare library / ${OVERHEAD}`;
    printFigure({ name: `${entry.id}: texts, one ${name}`, value, unit: 'texts/s', reference, target, pass });
  }
  await measureQueries(entry, host, sentences);
}

/** A reply waits for this. Beside a backlog it waits for the one passage that is being read, too. */
async function measureQueries(entry: EmbeddingEntry, host: EmbeddingHost, sentences: readonly string[]): Promise<void> {
  const idle = await queryTimes(host, sentences);
  const stop = new AbortController();
  const backlog = host.handle
    .embed(
      Array.from({ length: 5000 }, (_, index) => `${at(sentences, index)} ${at(sentences, index + 1)}`),
      { kind: 'passage', signal: stop.signal },
    )
    .catch(() => undefined);
  const busy = await queryTimes(host, sentences);
  stop.abort();
  await backlog;
  for (const [name, times] of [
    ['idle', idle],
    ['beside a backlog', busy],
  ] as const) {
    for (const share of [0.5, 0.95]) {
      const value = percentile(times, share);
      const figure = { name: `${entry.id}: query, ${name}, p${share * 100}`, value, unit: 'ms' };
      printFigure({ ...figure, reference: null, target: 'told', pass: true });
    }
  }
}

async function queryTimes(host: EmbeddingHost, sentences: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < QUERIES; index += 1) {
    const begun = performance.now();
    await host.handle.embed([at(sentences, index)], { kind: 'query', signal: never });
    times.push(performance.now() - begun);
  }
  return times;
}

async function perSecond(texts: readonly string[], work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (texts.length * 1000) / (performance.now() - begun);
}

/** The library in this process, with as many threads as the child takes on two cores. */
async function openBare(entry: EmbeddingEntry, modelPath: string) {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: LlamaLogLevel.disabled });
  const model = await llama.loadModel({ modelPath, ignoreMemorySafetyChecks: true });
  const context = await model.createEmbeddingContext({ contextSize: Math.min(512, entry.maxTokens), threads: 1 });
  return {
    async embed(texts: readonly string[]): Promise<void> {
      for (const text of texts) await context.getEmbeddingFor(entry.prefixes.passage + text);
    },
    [Symbol.asyncDispose]: () => llama.dispose(),
  };
}

function at(sentences: readonly string[], index: number): string {
  return sentences[index % sentences.length] ?? '';
}
