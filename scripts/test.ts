import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../tests/support/browser.ts';
import { ensurePython } from '../tests/support/python.ts';
import { ensurePostgres, startPrivatePostgres } from '../tests/support/private-postgres.ts';
import { buildServer } from './build-server.ts';
import { buildWeb } from './build-web.ts';
import { projectRoot } from './project-root.ts';
import { cacheDirectory, ensureWeights, type WeightsReport } from './test-run/ensure-weights.ts';
import { endLeaked, leakedFolders, leakedProcesses } from './test-run/leak-check.ts';
import { runStage } from './test-run/run-stage.ts';
import { normaliseFilter, stages, testFiles, type Stage, type StageName } from './test-run/stages.ts';
import { addTally, emptyTally, isFailure, tallyLine, type Tally } from './test-run/tally.ts';

const usage = `./everwith test [--full] [filter…]

Runs the tests whose path contains one of the filters, or all of them: unit and component tests,
integration on SQLite and PostgreSQL, real small models, and a real browser. What is missing
(weights, OpenAI's client for Python, and as root on Debian a browser and PostgreSQL) is installed first.

  --full   crash, fuzz and soak suites with their whole counts`;

/** The promise is 15 minutes on two cores; a run that takes four times as long hangs. */
const LIMIT_IN_MS = 60 * 60_000;

interface Run {
  tally: Tally;
  folder: string;
  mark: string;
  full: boolean;
  files: Map<StageName, string[]>;
  signal: AbortSignal;
}

function announce(text: string): void {
  console.log(`\n── ${text}`);
}

/** Everything the tests start inherits this: their own temporary folder, no trace of the caller's settings. */
async function prepareSurroundings(): Promise<{ folder: string; mark: string }> {
  const cache = cacheDirectory();
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('EVERWITH_') && name !== 'EVERWITH_TEST_BROWSER') delete process.env[name];
  }
  const folder = await mkdtemp(join(tmpdir(), 'everwith-test-'));
  await chmod(folder, 0o711); // PostgreSQL's own user passes through it
  await mkdir(join(folder, 'reports'));
  const id = folder.slice(-6);
  Object.assign(process.env, {
    TMPDIR: folder,
    XDG_DATA_HOME: join(folder, 'data-home'),
    EVERWITH_CACHE: cache,
    EVERWITH_TEST_RUN: id,
  });
  return { folder, mark: `EVERWITH_TEST_RUN=${id}` };
}

async function runStageFiles(run: Run, stage: Stage, environment: Record<string, string> = {}): Promise<void> {
  const files = run.files.get(stage.name) ?? [];
  announce(`${stage.name}: ${files.length} ${files.length === 1 ? 'file' : 'files'}`);
  const reportFolder = join(run.folder, 'reports');
  const full = run.full ? { EVERWITH_FULL: '1' } : {};
  const tally = await runStage({
    stage,
    files,
    reportFolder,
    environment: { ...environment, ...full },
    signal: run.signal,
  });
  addTally(run.tally, tally);
}

async function runIntegration(run: Run, stage: Stage, { postgres, python }: Programs): Promise<void> {
  if (python instanceof Error) run.tally.skips.push(`integration with Python: ${python.message}`);
  if (postgres instanceof Error) {
    run.tally.skips.push(`integration on PostgreSQL: ${postgres.message}`);
    await runStageFiles(run, { ...stage, projects: stage.projects.filter((name) => !name.includes('postgres')) });
    return;
  }
  if (!run.full) run.tally.skips.push('integration on PostgreSQL: files for which it makes no difference (--full)');
  await using server = await startPrivatePostgres();
  await runStageFiles(run, stage, { EVERWITH_TEST_POSTGRES_URL: server.url });
}

async function runModels(run: Run, stage: Stage, weights: WeightsReport): Promise<void> {
  if (weights.ready.length === 0) run.tally.skips.push('models: no weights could be fetched');
  else await runStageFiles(run, stage, { EVERWITH_TEST_WEIGHTS: weights.ready.join(',') });
}

async function runBrowser(
  run: Run,
  stage: Stage,
  { browser, postgres, weights }: Programs & { weights: WeightsReport },
): Promise<void> {
  if (browser instanceof Error) {
    run.tally.skips.push(`e2e: ${browser.message}`);
    return;
  }
  announce('building the web app');
  const build = await buildWeb({ signal: run.signal });
  if (build.ok) {
    await using server = postgres instanceof Error ? null : await startPrivatePostgres();
    await runStageFiles(run, stage, {
      EVERWITH_TEST_BROWSER: browser,
      EVERWITH_TEST_WEIGHTS: weights.ready.join(','),
      ...(server ? { EVERWITH_TEST_POSTGRES_URL: server.url } : {}),
    });
  } else {
    console.log(build.output.trimEnd());
    run.tally.failures.push('e2e: the web app could not be built');
  }
}

/** Where each program lies, or why there is none. */
interface Programs {
  postgres: string | Error;
  browser: string | Error;
  python: string | Error;
}

/** Installs what is missing, one after the other: the system's package manager allows no two at once. */
async function findPrograms(wanted: ReadonlySet<StageName>): Promise<Programs> {
  const unwanted = new Error('not wanted');
  const find = async (ensure: () => Promise<string>) =>
    await ensure().catch((error: unknown) => new Error(reasonOf(error)));
  return {
    postgres: wanted.has('integration') || wanted.has('e2e') ? await find(ensurePostgres) : unwanted,
    browser: wanted.has('e2e') ? await find(ensureBrowser) : unwanted,
    python: wanted.has('integration') ? await find(ensurePython) : unwanted,
  };
}

async function runAll(run: Run): Promise<void> {
  const wanted = stages.filter(({ name }) => (run.files.get(name) ?? []).length > 0);
  const names = new Set(wanted.map(({ name }) => name));
  // The download waits for the network, the first stages for the processor: they go well together.
  const fetching =
    names.has('models') || names.has('e2e')
      ? ensureWeights({ signal: run.signal, onProgress: announce })
      : Promise.resolve<WeightsReport>({ ready: [], missing: [] });
  fetching.catch(() => undefined); // awaited below, where an abort is handled once
  announce('looking for what the tests need');
  const programs = await findPrograms(names);
  if (names.has('integration') || names.has('e2e')) {
    announce('building the server');
    process.env['EVERWITH_TEST_PROGRAM'] = await buildServer();
  }
  for (const stage of wanted) {
    if (stage.name === 'unit') await runStageFiles(run, stage);
    else if (stage.name === 'integration') await runIntegration(run, stage, programs);
    else if (stage.name === 'models') await runModels(run, stage, await fetching);
    else await runBrowser(run, stage, { ...programs, weights: await fetching });
  }
  run.tally.skips.push(...(await fetching).missing.map((reason) => `weights ${reason}`));
}

async function checkLeaks({ tally, folder, mark }: Run): Promise<void> {
  const leaks = await leakedProcesses({ mark });
  for (const { pid, command } of leaks) tally.failures.push(`leak: process ${pid} is still running: ${command}`);
  endLeaked(leaks);
  for (const name of leakedFolders(folder)) tally.failures.push(`leak: the temporary ${name} was not removed`);
}

function report({ tally }: Run): void {
  for (const name of tally.skips) console.log(`skipped  ${name}`);
  for (const name of tally.failures) console.log(`failed   ${name}`);
  if (isFailure(tally)) process.exitCode = 1;
  console.log(`\n${tallyLine(tally)}`);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function chosenFiles(filters: readonly string[]): Map<StageName, string[]> {
  const callerDirectory = process.env['EVERWITH_CALLER_DIRECTORY'] ?? process.cwd();
  const normal = filters.map((filter) => normaliseFilter({ filter, callerDirectory, root: projectRoot }));
  return new Map(stages.map((stage) => [stage.name, testFiles({ stage, root: projectRoot, filters: normal })]));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { full: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const files = chosenFiles(positionals);
  if ([...files.values()].flat().length === 0)
    console.log(`No test file matches ${positionals.join(' ') || 'anything'}.`);
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => interruption.abort(new Error(`stopped by ${name}`)));
  }
  const limit = values.full ? [] : [AbortSignal.timeout(LIMIT_IN_MS)];
  const signal = AbortSignal.any([interruption.signal, ...limit]);
  const run: Run = { ...(await prepareSurroundings()), tally: emptyTally(), full: values.full, files, signal };
  try {
    await runAll(run);
  } catch (error) {
    run.tally.failures.push(`the run itself: ${reasonOf(error)}`);
  }
  announce('looking for what was left behind');
  await checkLeaks(run);
  await rm(run.folder, { recursive: true, force: true });
  report(run);
}

await main();
