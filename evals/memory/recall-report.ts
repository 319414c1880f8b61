import { silenceBelow } from '../../src/memory/recall/recall-weights.ts';
import type { EvalOptions } from './eval-options.ts';
import { groupedScores, pollutionOf, scoresOf, silenceAt } from './recall-metrics.ts';
import type { Answer, Scores, Silence } from './recall-metrics.ts';

/** Everything that a run measured. */
export interface Measured {
  conversations: number;
  turns: number;
  indexBytes: number;
  textBytes: number;
  answers: Answer[];
  /** The same questions with one signal off, by its name. */
  ablations: Map<string, Answer[]>;
}

/** What `--json` prints. Shares are between 0 and 1. */
export interface RecallReport {
  format: EvalOptions['format'];
  path: string;
  mode: 'lexical' | 'hybrid';
  /** Why another mode than the one asked for was measured. */
  note: string | null;
  model: string | null;
  part: number;
  seed: number;
  conversations: number;
  turns: number;
  overall: Scores;
  byKind: Record<string, Scores>;
  byLanguage: Record<string, Scores>;
  /** Questions about what was discarded, and how many of them found none of it; null where the set has none. */
  pollution: { probes: number; clean: number } | null;
  /** Questions about what was never said; null where the set has none. */
  silence: Silence | null;
  /** Of one question, its reading and ranking, without the vectors of the question. */
  latencyInMs: { p50: number; p95: number };
  index: { bytes: number; textBytes: number; ratio: number };
  ablations: { without: string; recall: Scores['recall']; 'change@10': number }[];
}

export function reportOf(
  measured: Measured,
  { options, model }: { options: EvalOptions; model: string | null },
): RecallReport {
  const { answers } = measured;
  const overall = scoresOf(answers);
  const pollution = pollutionOf(answers);
  const mode = options.mode === 'lexical' ? 'lexical' : 'hybrid';
  const times = answers.map(({ milliseconds }) => milliseconds).toSorted((a, b) => a - b);
  return {
    format: options.format,
    path: options.path,
    mode,
    model,
    part: options.part,
    seed: options.seed,
    note: options.mode === 'rerank' ? 'There is no reranker in this house; this is hybrid.' : null,
    conversations: measured.conversations,
    turns: measured.turns,
    overall,
    byKind: groupedScores(answers, ({ kind }) => kind),
    byLanguage: groupedScores(answers, ({ language }) => language),
    pollution: pollution.probes > 0 ? pollution : null,
    silence: answers.some(({ unanswerable }) => unanswerable) ? silenceAt(answers, silenceBelow[mode]) : null,
    latencyInMs: { p50: percentile(times, 0.5), p95: percentile(times, 0.95) },
    index: {
      bytes: measured.indexBytes,
      textBytes: measured.textBytes,
      ratio: measured.textBytes > 0 ? measured.indexBytes / measured.textBytes : 0,
    },
    ablations: [...measured.ablations].map(([without, rest]) => {
      const { recall } = scoresOf(rest);
      return { without, recall, 'change@10': overall.recall['@10'] - recall['@10'] };
    }),
  };
}

/** Nearest rank. */
function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
