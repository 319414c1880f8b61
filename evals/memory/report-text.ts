import type { Scores } from './recall-metrics.ts';
import type { RecallReport } from './recall-report.ts';

const HEAD = ['', 'questions', 'recall@5', '@10', '@20', 'MRR', 'session any@5', 'any@10', 'all@10'];

/** The report as a table for people. */
export function reportText(report: RecallReport): string {
  const rows = [
    HEAD,
    row('all', report.overall),
    ...Object.entries(report.byKind).map(([kind, scores]) => row(kind, scores)),
    ...(Object.keys(report.byLanguage).length > 1 ? Object.entries(report.byLanguage) : []).map(([language, scores]) =>
      row(language, scores),
    ),
  ];
  const { pollution, silence, latencyInMs: latency, index } = report;
  const lines = [
    `${report.format}, ${report.mode}${report.model === null ? '' : ` (${report.model})`}: ${report.conversations} conversations, ${report.turns} turns${report.part < 100 ? `, ${report.part} % of the questions (lot ${report.seed})` : ''}`,
    ...(report.note === null ? [] : [report.note]),
    '',
    ...table(rows),
    '',
    ...(pollution
      ? [`Discarded words: ${pollution.clean} of ${pollution.probes} probes found none among all results`]
      : []),
    ...(silence
      ? [
          `Never said: below ${silence.threshold} in ${percent(silence.silentOnNever)} of such questions, in ${percent(silence.wronglySilent)} of those that were answered`,
        ]
      : []),
    `A question takes ${latency.p50.toFixed(2)} ms (p50), ${latency.p95.toFixed(2)} ms (p95); the index ${index.ratio.toFixed(1)} × the text`,
    ...(report.ablations.length > 0 ? ['', ...table(ablationRows(report))] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function row(name: string, { questions, recall, mrr, session }: Scores): string[] {
  const figures = [
    recall['@5'],
    recall['@10'],
    recall['@20'],
    mrr,
    session['any@5'],
    session['any@10'],
    session['all@10'],
  ];
  return [name, String(questions), ...figures.map((value) => value.toFixed(3))];
}

function ablationRows({ ablations }: RecallReport): string[][] {
  const head = ['without', 'recall@5', '@10', '@20', 'what it adds @10'];
  return [
    head,
    ...ablations.map(({ without, recall, 'change@10': change }) => [
      without,
      ...[recall['@5'], recall['@10'], recall['@20']].map((value) => value.toFixed(3)),
      `${change >= 0 ? '+' : ''}${change.toFixed(3)}`,
    ]),
  ];
}

function table(rows: readonly string[][]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  return rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
