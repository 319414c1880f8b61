import type { OpenboxRun, OpenboxScore, OpenboxTaskResult } from '../../../contract/openbox.ts';
import type { CliContext } from '../cli-context.ts';
import { padEnd, widthOf } from '../terminal.ts';

interface PrintedRun {
  run: OpenboxRun;
  results: readonly OpenboxTaskResult[];
  /** Names every task that failed. */
  why: boolean;
}

/** The table of a run: categories, languages, all; then what went wrong and what a tenth would have foretold. */
export function printRun({ terminal, texts }: CliContext, { run, results, why }: PrintedRun): void {
  const { openbox } = texts;
  const row = (name: string, { tasks, passed, pass, wrong, errors }: OpenboxScore) => [
    name,
    String(tasks),
    `${passed} (${percent(pass?.share)})`,
    interval(pass),
    String(wrong),
    String(errors),
  ];
  const rows = [
    openbox.head,
    ...run.categories.map(({ category, score }) => row(openbox.categories[category] ?? category, score)),
    ...run.languages.map(({ language, score }) => row(openbox.languages[language] ?? language, score)),
    row(openbox.all, run.score),
  ];
  const widths = openbox.head.map((_, column) => Math.max(...rows.map((cells) => widthOf(cells[column] ?? ''))));
  for (const cells of rows) {
    const line = cells.map((cell, column) => padEnd(cell, widths[column] ?? 0)).join('  ');
    terminal.print(line.trimEnd());
  }
  terminal.print(openbox.errorRate(percent(run.score.errorRate?.share), interval(run.score.errorRate)));
  printErrors(results, (line) => terminal.print(line), openbox.errorReasons);
  const { prediction } = run;
  if (prediction && prediction.error === null) {
    terminal.print(openbox.foretold(percent(prediction.predicted), interval(prediction)));
  } else if (prediction) {
    const points = (share: number | null) => (Math.abs(share ?? 0) * 100).toFixed(1);
    const { predicted, error, typicalError, largeError } = prediction;
    terminal.print(openbox.tenth(percent(predicted), points(error), points(typicalError), points(largeError)));
  }
  if (!why) return;
  for (const { taskId, outcome, reasons } of results) {
    if (outcome !== 'passed') terminal.print(`${taskId}: ${reasons.join('; ')}`);
  }
}

/** The same reason once, with how often it was met; the most frequent first. */
function printErrors(results: readonly OpenboxTaskResult[], print: (line: string) => void, title: string): void {
  const counts = new Map<string, number>();
  for (const { outcome, reasons } of results) {
    const [reason = ''] = reasons;
    if (outcome === 'error') counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  if (counts.size === 0) return;
  print(title);
  const ordered = [...counts].toSorted(([, one], [, other]) => other - one);
  for (const [reason, count] of ordered) print(`  ${count} × ${reason}`);
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;
}

function interval(bounds: { low: number; high: number } | null): string {
  return bounds === null ? '–' : `${(bounds.low * 100).toFixed(1)}–${(bounds.high * 100).toFixed(1)} %`;
}
