import { passageText } from '../../src/memory/recall/passage-text.ts';
import { canRead } from '../../src/memory/recall/readable-text.ts';
import type { CosinesOf } from './answer-questions.ts';
import type { RecallCase } from './recall-case.ts';
import type { VectorCache } from './vector-cache.ts';

/** Cosines for all questions of a case; none for questions and turns in a script that the model cannot read. */
export async function cosinesOfCase(
  one: RecallCase,
  { cache, signal, onProgress }: { cache: VectorCache; signal: AbortSignal; onProgress: (left: number) => void },
): Promise<CosinesOf> {
  const options = { signal, onProgress };
  const turns = one.turns.filter(({ text }) => canRead(cache.languages, text));
  const questions = one.questions.filter(({ ask }) => canRead(cache.languages, ask));
  if (questions.length === 0) return () => null;
  const passages = await cache.vectorsOf(turns.map(passageText), { kind: 'passage', ...options });
  const asked = await cache.vectorsOf(
    questions.map(({ ask }) => ask),
    { kind: 'query', ...options },
  );
  const byTurn = new Map(turns.map(({ id }, index) => [id, passages[index]]));
  const byQuestion = new Map(questions.map(({ id }, index) => [id, asked[index]]));
  return ({ id }, path) => {
    const query = byQuestion.get(id);
    if (!query) return null;
    return new Map(path.filter((turn) => byTurn.has(turn)).map((turn) => [turn, dot(query, byTurn.get(turn))]));
  };
}

function dot(a: Float32Array, b: Float32Array | undefined): number {
  let sum = 0;
  if (b) for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
