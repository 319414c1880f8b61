import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildServer } from './build-server.ts';
import { buildWeb } from './build-web.ts';
import { projectRoot } from './project-root.ts';
import { runTool } from './run-tool.ts';

const usage = `./everwith bench [--json] [name…]

Runs bench/<name>.ts, or all of them, one after the other. Each prints JSON lines
{name, value, unit, reference, ratio, target, pass}; a table of them all ends the run.

  --json   only the JSON lines, on standard output`;

/** One measured figure, as a benchmark prints it on a line of its own. */
const figureSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  /** What the same run measured to compare with; null where the target is absolute. */
  reference: z.number().nullable(),
  ratio: z.number().nullable(),
  /** In words, e.g. `<= 3x`. */
  target: z.string(),
  pass: z.boolean(),
});
type Figure = z.infer<typeof figureSchema>;

/** Every file directly in bench/ is a benchmark; its helpers lie in folders below. */
function benchmarkNames(): string[] {
  try {
    return readdirSync(join(projectRoot, 'bench'))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => basename(name, '.ts'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Lines that are no figures are the benchmark's own words. */
function parseFigure(line: string): Figure | null {
  if (!line.startsWith('{')) return null;
  try {
    return figureSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

async function runBenchmark({ name, json, signal }: { name: string; json: boolean; signal: AbortSignal }): Promise<{
  figures: Figure[];
  failed: boolean;
}> {
  console.error(`\n── ${name}`);
  const { code, output } = await runTool({
    name,
    command: process.execPath,
    args: ['--expose-gc', join(projectRoot, 'bench', `${name}.ts`)],
    environment: { NODE_ENV: 'production' },
    signal,
    onOutput: (text) => process.stderr.write(text),
  });
  const figures = output.split('\n').flatMap((line) => parseFigure(line.trim()) ?? []);
  if (json) for (const figure of figures) console.log(JSON.stringify(figure));
  if (code !== 0) console.error(`${name} ended with status ${code}`);
  else if (figures.length === 0) console.error(`${name} printed no figure`);
  return { figures, failed: code !== 0 || figures.length === 0 };
}

function table(figures: readonly Figure[]): string {
  const number = (value: number | null) => (value === null ? '–' : String(Number(value.toPrecision(4))));
  const rows = figures.map((figure) => [
    figure.pass ? 'ok' : 'MISSED',
    figure.name,
    `${number(figure.value)} ${figure.unit}`,
    number(figure.reference),
    number(figure.ratio),
    figure.target,
  ]);
  const all = [['', 'figure', 'value', 'reference', 'ratio', 'target'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  const known = benchmarkNames();
  if (values.help) {
    console.log(`${usage}\n\nBenchmarks: ${known.join(', ') || 'none'}`);
    return;
  }
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no benchmark called ${unknown.join(', ')}; there are: ${known.join(', ') || 'none'}.`);
    process.exitCode = 2;
    return;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const build = await buildWeb({ signal: stop.signal });
  if (!build.ok) console.error(`The web app could not be built; figures about it will be missing.\n${build.output}`);
  await buildServer();
  const results: Awaited<ReturnType<typeof runBenchmark>>[] = [];
  for (const name of positionals.length > 0 ? positionals : known) {
    if (stop.signal.aborted) break;
    results.push(await runBenchmark({ name, json: values.json, signal: stop.signal }));
  }
  const figures = results.flatMap((result) => result.figures);
  if (!values.json) console.log(`\n${table(figures)}`);
  const complete = figures.length > 0 && !stop.signal.aborted && !results.some(({ failed }) => failed);
  if (!complete || figures.some(({ pass }) => !pass)) process.exitCode = 1;
}

await main();
