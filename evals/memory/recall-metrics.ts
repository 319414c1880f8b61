/** Depths at which recall is told. */
export const DEPTHS = [5, 10, 20] as const;

/** One question, answered. */
export interface Answer {
  id: string;
  kind: string;
  language: string;
  unanswerable: boolean;
  /** Ids of what was found, best first. */
  found: readonly string[];
  /** Session of each turn found, best first, each once. */
  foundSessions: readonly string[];
  evidence: readonly string[];
  evidenceSessions: readonly string[];
  /** Turns among everything found that must not be; null where the question forbids none. */
  leaked: number | null;
  topScore: number;
  milliseconds: number;
}

export interface Scores {
  /** Questions with evidence turns; everything but the session figures is a mean over these. */
  questions: number;
  /** Mean share of a question's evidence turns among the first 5, 10 and 20. */
  recall: Record<`@${(typeof DEPTHS)[number]}`, number>;
  /** Mean of 1 / rank of the first evidence turn, among the first 100. */
  mrr: number;
  /** Questions for which some (any) or every (all) evidence session is among the first sessions of the turns found. */
  session: { questions: number; 'any@5': number; 'any@10': number; 'all@10': number };
}

export function scoresOf(answers: readonly Answer[]): Scores {
  const answerable = answers.filter(({ unanswerable }) => !unanswerable);
  const withTurns = answerable.filter(({ evidence }) => evidence.length > 0);
  const withSessions = answerable.filter(({ evidenceSessions }) => evidenceSessions.length > 0);
  const recallAt = (depth: number) =>
    mean(withTurns.map((answer) => shareFound(answer.evidence, answer.found.slice(0, depth))));
  const sessionShares = (depth: number) =>
    withSessions.map((answer) => shareFound(answer.evidenceSessions, answer.foundSessions.slice(0, depth)));
  return {
    questions: withTurns.length,
    recall: { '@5': recallAt(5), '@10': recallAt(10), '@20': recallAt(20) },
    mrr: mean(withTurns.map(reciprocalRank)),
    session: {
      questions: withSessions.length,
      'any@5': mean(sessionShares(5).map((share) => (share > 0 ? 1 : 0))),
      'any@10': mean(sessionShares(10).map((share) => (share > 0 ? 1 : 0))),
      'all@10': mean(sessionShares(10).map((share) => (share === 1 ? 1 : 0))),
    },
  };
}

export function groupedScores(answers: readonly Answer[], keyOf: (answer: Answer) => string): Record<string, Scores> {
  const groups = Map.groupBy(answers, keyOf);
  return Object.fromEntries(
    [...groups]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, group]) => [key, scoresOf(group)] as const)
      .filter(([, scores]) => scores.questions + scores.session.questions > 0),
  );
}

/** Questions about discarded alternatives, edits, deleted turns and other branches: how many found none of them. */
export function pollutionOf(answers: readonly Answer[]): { probes: number; clean: number } {
  const probes = answers.filter(({ leaked }) => leaked !== null);
  return { probes: probes.length, clean: probes.filter(({ leaked }) => leaked === 0).length };
}

export interface Silence {
  threshold: number;
  /** Share of the questions about what was never said whose best turn stays below the threshold. */
  silentOnNever: number;
  /** Share of the others that the threshold would silence, though something of their evidence was among the first ten. */
  wronglySilent: number;
}

export function silenceAt(answers: readonly Answer[], threshold: number): Silence {
  const silent = ({ topScore }: Answer) => topScore < threshold;
  const never = answers.filter(({ unanswerable }) => unanswerable);
  const found = answers.filter(({ evidence, found: ids }) => shareFound(evidence, ids.slice(0, 10)) > 0);
  return {
    threshold,
    silentOnNever: mean(never.map((answer) => (silent(answer) ? 1 : 0))),
    wronglySilent: mean(found.map((answer) => (silent(answer) ? 1 : 0))),
  };
}

function shareFound(wanted: readonly string[], found: readonly string[]): number {
  if (wanted.length === 0) return 0;
  const there = new Set(found);
  return wanted.filter((id) => there.has(id)).length / wanted.length;
}

function reciprocalRank({ evidence, found }: Answer): number {
  const rank = found.slice(0, 100).findIndex((id) => evidence.includes(id));
  return rank < 0 ? 0 : 1 / (rank + 1);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
