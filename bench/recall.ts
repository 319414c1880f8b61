import { rankTurns } from '../src/memory/recall/rank-turns.ts';
import { recallTerms } from '../src/memory/recall/recall-terms.ts';
import { TurnIndex } from '../src/memory/recall/turn-index.ts';
import type { RecallTurn } from '../src/memory/recall/turn-index.ts';
import { seededNumbers } from '../src/base/seeded-numbers.ts';
import { talkedTurns } from './recall/talked-turns.ts';
import { scanForTerms } from './recall/full-scan.ts';
import { percentile, printFigure } from './report/figure.ts';

/**
 * Recall over a long life: 100,000 turns, half of them Chinese, in 40 conversations. What a reply waits for (view
 * brought up to date and extended by two turns, query read, turns ranked), lexical and with a cosine for every turn;
 * beside it the time in which a plain BM25 reads every text. Then the memory of the index, and how fast it is built.
 */
const TURNS = 100_000;
const CONVERSATIONS = 40;
const QUERIES = 200;
const SCANS = 3;
const LEXICAL_TARGET = 50;
const HYBRID_TARGET = 120;
const SIZE_TARGET = 3;

const random = seededNumbers(20);
const turns = talkedTurns({ count: TURNS, conversations: CONVERSATIONS, random });
const textBytes = turns.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

globalThis.gc?.();
const heapBefore = memoryInUse();
const index = new TurnIndex();
const buildStartedAt = performance.now();
for (const turn of turns) index.put(turn);
const buildMs = performance.now() - buildStartedAt;
globalThis.gc?.();
const heldBytes = memoryInUse() - heapBefore;

const paths = [...Map.groupBy(turns, ({ conversationId }) => conversationId).values()].map((path) =>
  path.map(({ id }) => id),
);
const viewStartedAt = performance.now();
const view = index.view(paths);
const viewMs = performance.now() - viewStartedAt;

const questions = Array.from({ length: QUERIES }, () => questionFrom(turns[Math.floor(random() * TURNS)]));
const cosines = new Map(turns.map(({ id }) => [id, random() * 0.8 - 0.1]));
let extended = 0;
for (const vectors of [null, cosines]) for (const text of questions.slice(0, 20)) ask(text, vectors); // warms up
const lexical = questions.map((text) => timed(() => ask(text, null)));
const hybrid = questions.map((text) => timed(() => ask(text, cosines)));
const scans = questions.slice(0, SCANS).map((text) => timed(() => scanForTerms(turns, text)));

const reference = percentile(scans, 0.5);
const figure = (name: string, value: number, target: number) =>
  printFigure({ name, value, unit: 'ms', reference, target: `<= ${target} ms`, pass: value <= target });
figure('recall of 100k turns, lexical, p50', percentile(lexical, 0.5), LEXICAL_TARGET);
figure('recall of 100k turns, lexical, p95', percentile(lexical, 0.95), LEXICAL_TARGET);
figure('recall of 100k turns, with vectors, p50', percentile(hybrid, 0.5), HYBRID_TARGET);
figure('recall of 100k turns, with vectors, p95', percentile(hybrid, 0.95), HYBRID_TARGET);
printFigure({
  name: 'a view of 100k turns, made anew',
  value: viewMs,
  unit: 'ms',
  reference: null,
  target: '<= 200 ms',
  pass: viewMs <= 200,
});
printFigure({
  name: 'indexing',
  value: TURNS / (buildMs / 1000),
  unit: 'turns/s',
  reference: null,
  target: '>= 5000 turns/s',
  pass: TURNS / (buildMs / 1000) >= 5000,
});
const size = (name: string, value: number) =>
  printFigure({
    name,
    value: value / 1e6,
    unit: 'MB',
    reference: textBytes / 1e6,
    target: `<= ${SIZE_TARGET}x text`,
    pass: value <= textBytes * SIZE_TARGET,
  });
size('index of 100k turns, texts included, reckoned', index.bytes);
size('index of 100k turns, texts included, as the process grew', heldBytes);

/** What one reply does: its two newest turns join the view, then it asks. */
function ask(text: string, vectors: ReadonlyMap<string, number> | null): void {
  const added = [0, 1].map((): RecallTurn => {
    extended += 1;
    const id = `new-${extended}`;
    return {
      id,
      parentId: null,
      conversationId: 'c0',
      depth: 0,
      speaker: 'Ada',
      byHuman: true,
      text,
      at: 2e12 + extended,
    };
  });
  for (const turn of added) index.put(turn);
  const ids = added.map(({ id }) => id);
  view.extend(0, ids);
  const query = {
    texts: [{ text, speaker: 'Ada', weight: 1 }],
    now: 2e12,
    timeZone: 'Europe/Lisbon',
    names: ['Ada', 'Bo'],
  };
  rankTurns(index, { view, query, exclude: new Set(ids), vectors, limit: 20 });
}

/** A question with some of a turn's rarer words. */
function questionFrom(turn: RecallTurn | undefined): string {
  const words = [
    ...new Set(
      recallTerms(turn?.text ?? '').flatMap(({ term, kind }) => (kind === 'word' || kind === 'bigram' ? [term] : [])),
    ),
  ];
  return `When did I tell you of ${words.slice(0, 12).join(' ')}?`;
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}

function memoryInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
