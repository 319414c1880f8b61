import type { ScoredConversation, ScoredFact } from './score-facts.ts';
import { shareOf, type Share } from './wilson-interval.ts';

export interface FactScores {
  facts: number;
  listed: number;
  right: number;
  wrong: number;
  unjudged: number;
  /** Right and listed facts among all that are judged. */
  precision: Share | null;
  /** The same with every unjudged fact taken for wrong. */
  leastPrecision: Share | null;
  /** Listed facts that were found. */
  recall: Share | null;
}

export interface FactReport {
  /** Reference of the model that helped; null = rules alone. */
  model: string | null;
  conversations: number;
  turns: number;
  overall: FactScores;
  byLanguage: Record<string, FactScores>;
  byKind: Record<string, FactScores>;
  byCertainty: Record<string, FactScores>;
  byConversation: Record<string, FactScores>;
  /** Milliseconds for a turn, everything counted. */
  perTurnInMs: number;
}

export function factReport(
  scored: readonly ScoredConversation[],
  { model, turns, durationInMs }: { model: string | null; turns: number; durationInMs: number },
): FactReport {
  const facts = scored.flatMap((one) => one.facts);
  const listed = scored.flatMap((one) => one.listed);
  const languages = Map.groupBy(scored, ({ language }) => language);
  const kinds = [
    ...new Set([...facts.map(({ fact }) => fact.about), ...listed.map(({ fact }) => fact.about)]),
  ].toSorted();
  const certainties = [...new Set(facts.map(({ fact }) => fact.certainty))].toSorted();
  return {
    model,
    conversations: scored.length,
    turns,
    overall: scoresOf(facts, listed),
    byLanguage: Object.fromEntries(
      [...languages].map(([language, own]) => [
        language,
        scoresOf(
          own.flatMap((one) => one.facts),
          own.flatMap((one) => one.listed),
        ),
      ]),
    ),
    byKind: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        scoresOf(
          facts.filter(({ fact }) => fact.about === kind),
          listed.filter(({ fact }) => fact.about === kind),
        ),
      ]),
    ),
    byCertainty: Object.fromEntries(
      certainties.map((certainty) => [
        certainty,
        scoresOf(
          facts.filter(({ fact }) => fact.certainty === certainty),
          [],
        ),
      ]),
    ),
    byConversation: Object.fromEntries(scored.map((one) => [one.id, scoresOf(one.facts, one.listed)])),
    perTurnInMs: turns === 0 ? 0 : durationInMs / turns,
  };
}

function scoresOf(facts: readonly ScoredFact[], listed: readonly { found: boolean }[]): FactScores {
  const count = (verdict: ScoredFact['verdict']): number => facts.filter((each) => each.verdict === verdict).length;
  const good = count('listed') + count('right');
  return {
    facts: facts.length,
    listed: count('listed'),
    right: count('right'),
    wrong: count('wrong'),
    unjudged: count('unjudged'),
    precision: shareOf(good, good + count('wrong')),
    leastPrecision: shareOf(good, facts.length),
    recall: shareOf(listed.filter(({ found }) => found).length, listed.length),
  };
}

const HEAD = ['', 'facts', 'listed', 'right', 'wrong', 'unjudged', 'precision', '95 %', 'recall', '95 %'];

/** The report as a table for people. */
export function factReportText(report: FactReport): string {
  const parts = [report.byLanguage, report.byKind, report.byCertainty, report.byConversation];
  const rows = [
    HEAD,
    rowOf('all', report.overall),
    ...parts.flatMap((part) => Object.entries(part).map(([name, scores]) => rowOf(name, scores))),
  ];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  const head = `Facts, ${report.model ?? 'rules alone'}: ${report.conversations} conversations, ${report.turns} turns, ${report.perTurnInMs.toFixed(0)} ms a turn`;
  return `${head}\n\n${lines.join('\n')}\n`;
}

function rowOf(name: string, scores: FactScores): string[] {
  const { facts, listed, right, wrong, unjudged, precision, recall } = scores;
  const figures = [precision, recall].flatMap((share) =>
    share ? [share.share.toFixed(3), `${share.low.toFixed(2)}–${share.high.toFixed(2)}`] : ['–', '–'],
  );
  return [name, ...[facts, listed, right, wrong, unjudged].map(String), ...figures];
}
