import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { stderr, stdout } from 'node:process';
import { cacheDirectory } from '../../scripts/test-run/ensure-weights.ts';
import { defaultRecallWeights } from '../../src/memory/recall/recall-weights.ts';
import type { RecallWeights } from '../../src/memory/recall/recall-weights.ts';
import { ABLATIONS } from './ablations.ts';
import { answerQuestions } from './answer-questions.ts';
import type { CosinesOf } from './answer-questions.ts';
import { cosinesOfCase } from './case-vectors.ts';
import { readEvalOptions, usage } from './eval-options.ts';
import type { EvalOptions } from './eval-options.ts';
import { readLocomo } from './locomo-set.ts';
import { readLongMemEval } from './longmemeval-set.ts';
import { openEmbedding } from './open-embedding.ts';
import type { OpenEmbedding } from './open-embedding.ts';
import { readOwnCases } from './own-cases.ts';
import type { RecallCase } from './recall-case.ts';
import type { Answer } from './recall-metrics.ts';
import { reportOf } from './recall-report.ts';
import type { Measured } from './recall-report.ts';
import { reportText } from './report-text.ts';
import { evalFacts } from './facts/eval-facts.ts';
import { isDrawn } from './draw-lot.ts';

const READERS: Record<EvalOptions['format'], (path: string) => AsyncGenerator<RecallCase>> = {
  locomo: readLocomo,
  longmemeval: readLongMemEval,
  own: readOwnCases,
};

/** `./everwith eval memory …`; throws `InvalidInputError` for wrong options and malformed files. */
export async function evalMemory(args: readonly string[], { signal }: { signal: AbortSignal }): Promise<void> {
  if (args.includes('--facts')) return await evalFacts(args, { signal });
  const options = readEvalOptions(args);
  if (options === 'help') {
    stdout.write(`${usage}\n`);
    return;
  }
  await using embedding =
    options.mode === 'lexical'
      ? null
      : await openEmbedding({ model: options.model, cacheDirectory: cacheDirectory(), signal });
  const measured = await measure(options, { embedding, signal });
  const report = reportOf(measured, { options, model: embedding?.ref ?? null });
  stdout.write(options.json ? `${JSON.stringify(report)}\n` : reportText(report));
}

async function measure(
  options: EvalOptions,
  { embedding, signal }: { embedding: OpenEmbedding | null; signal: AbortSignal },
): Promise<Measured> {
  const measured: Measured = {
    conversations: 0,
    turns: 0,
    indexBytes: 0,
    textBytes: 0,
    answers: [],
    ablations: new Map(),
  };
  if (options.questions !== undefined) writeFileSync(fromCaller(options.questions), '');
  for await (const one of READERS[options.format](fromCaller(options.path))) {
    signal.throwIfAborted();
    const wanted = ({ id }: { id: string }) => isDrawn(id, options);
    const cosinesOf = embedding ? await cosinesFor({ one, embedding, signal }) : () => null;
    const answer = (weights: Partial<RecallWeights>) =>
      answerQuestions(one, { weights: { ...defaultRecallWeights, ...weights }, cosinesOf, wanted });
    const { answers, indexBytes, textBytes } = answer({});
    measured.conversations += 1;
    measured.turns += one.turns.length;
    measured.indexBytes += indexBytes;
    measured.textBytes += textBytes;
    measured.answers.push(...answers);
    if (options.questions !== undefined) appendQuestions(fromCaller(options.questions), answers);
    for (const { without, weights, hybridOnly } of options.ablate ? ABLATIONS : []) {
      if (hybridOnly && !embedding) continue;
      const before = measured.ablations.get(without) ?? [];
      measured.ablations.set(without, [...before, ...answer(weights).answers]);
    }
  }
  return measured;
}

function cosinesFor(options: { one: RecallCase; embedding: OpenEmbedding; signal: AbortSignal }): Promise<CosinesOf> {
  const { one, embedding, signal } = options;
  const onProgress = (left: number) => void stderr.write(`${one.id}: ${left} texts to embed\n`);
  return cosinesOfCase(one, { cache: embedding.cache, signal, onProgress });
}

/** Where the caller stood: the launcher changes the folder. */
function fromCaller(path: string): string {
  return resolve(process.env['EVERWITH_CALLER_DIRECTORY'] ?? '.', path);
}

function appendQuestions(file: string, answers: readonly Answer[]): void {
  for (const { id, kind, evidence, found, topScore, leaked } of answers) {
    const ranks = Object.fromEntries(evidence.map((turn) => [turn, found.indexOf(turn) + 1 || null]));
    appendFileSync(file, `${JSON.stringify({ id, kind, ranks, topScore, leaked, found: found.slice(0, 10) })}\n`);
  }
}
