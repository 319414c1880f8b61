import { rankTurns } from '../../src/memory/recall/rank-turns.ts';
import type { RecallWeights } from '../../src/memory/recall/recall-weights.ts';
import { TurnIndex } from '../../src/memory/recall/turn-index.ts';
import type { RecallCase, RecallQuestion } from './recall-case.ts';
import type { Answer } from './recall-metrics.ts';

/** Results that a reply or a page asks for; what is timed. */
const TIMED_LIMIT = 20;
/** Results that are looked at; where turns are forbidden, all are. */
const DEEP_LIMIT = 200;
const NOTHING: ReadonlySet<string> = new Set();

/** Cosines of a question with the turns of its path, by id. */
export type CosinesOf = (question: RecallQuestion, path: readonly string[]) => ReadonlyMap<string, number> | null;

export interface AnsweredCase {
  answers: Answer[];
  indexBytes: number;
  textBytes: number;
}

/** Asks an index of the case's turns every question; `wanted` chooses questions. */
export function answerQuestions(
  one: RecallCase,
  {
    weights,
    cosinesOf,
    wanted,
  }: { weights: RecallWeights; cosinesOf: CosinesOf; wanted: (question: RecallQuestion) => boolean },
): AnsweredCase {
  const index = new TurnIndex();
  for (const turn of one.turns) index.put(turn);
  const views = new Map<readonly string[], ReturnType<TurnIndex['view']>>();
  const answers = one.questions.filter(wanted).map((question): Answer => {
    const view = views.get(question.path) ?? index.view([question.path]);
    views.set(question.path, view);
    const vectors = cosinesOf(question, question.path);
    const { ask: text, speaker, now, never } = question;
    const options = {
      view,
      query: {
        texts: [{ text, ...(speaker === undefined ? {} : { speaker }), weight: 1 }],
        now,
        timeZone: one.timeZone,
        names: one.names,
      },
      exclude: NOTHING,
      vectors,
      weights,
    };
    const startedAt = performance.now();
    rankTurns(index, { ...options, limit: TIMED_LIMIT });
    const milliseconds = performance.now() - startedAt;
    const ranked = rankTurns(index, { ...options, limit: never.length > 0 ? one.turns.length : DEEP_LIMIT });
    const found = ranked.map(({ id }) => id);
    return {
      id: question.id,
      kind: question.kind,
      language: one.language,
      unanswerable: question.unanswerable,
      found,
      foundSessions: [...new Set(found.flatMap((id) => one.sessions.get(id) ?? []))],
      evidence: question.evidence,
      evidenceSessions: question.evidenceSessions ?? [
        ...new Set(question.evidence.flatMap((id) => one.sessions.get(id) ?? [])),
      ],
      leaked: never.length > 0 ? never.filter((id) => found.includes(id)).length : null,
      topScore: ranked[0]?.score ?? 0,
      milliseconds,
    };
  });
  const textBytes = one.turns.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return { answers, indexBytes: index.bytes, textBytes };
}
