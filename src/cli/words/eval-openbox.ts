import { z } from 'zod';
import type { ApiClient } from '../../../client/create-client.ts';
import type { OpenboxRun, SaveOpenboxRun } from '../../../contract/openbox.ts';
import { readTerminalToken } from '../../accounts/terminal-token.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import { version } from '../../config/version.ts';
import type { TaskServer } from '../../features/platform/openbox/ask-task.ts';
import { loadSuite, type Suite } from '../../features/platform/openbox/load-suite.ts';
import { runSuite, type SuiteRun } from '../../features/platform/openbox/run-suite.ts';
import { scoreRun } from '../../features/platform/openbox/score-run.ts';
import type { CliContext } from '../cli-context.ts';
import { connect } from '../connect.ts';
import { printError } from '../describe-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { drawTasks, readOpenboxOptions, type OpenboxFlags, type OpenboxOptions } from '../openbox/openbox-options.ts';
import { printRun } from '../openbox/print-run.ts';
import { readConfig } from '../word-config.ts';

/** Asks a model the frozen developer tasks, prints what came of it, and keeps it in the house. */
export async function evalOpenboxWord(context: CliContext, flags: ConfigFlags & OpenboxFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  const options = readOpenboxOptions(context, flags);
  const suite = await loadSuite();
  const tasks = drawTasks(context, suite, options);
  const config = readConfig(context, flags);
  using interrupt = interrupts.signal();
  const { signal } = interrupt;
  // A long run must not lose the house under it; a run elsewhere that is not kept needs none.
  const needsHouse = options.baseUrl === null || options.keep;
  await using house = needsHouse ? await connect(context, { config, wake: false, alone: true, signal }) : null;
  const server = await findServer(context, { options, client: house?.client ?? null, config, signal });
  terminal.note(texts.openbox.begin(tasks.length, suite.tasks.length, suite.version, options.model));
  const startedAt = context.clock.now();
  const run = await runSuite({
    tasks,
    server,
    concurrency: options.concurrency,
    clock: context.clock,
    onResult: followResults(context, tasks.length),
    signal,
  });
  terminal.endProgress();
  if (run.results.length === 0) return EXIT.interrupted;
  const facts = describeRun({ run, suite, options, startedAt, endedAt: context.clock.now() });
  const keeper = options.keep && house ? house.client : null;
  const keptRun = keeper === null ? null : await keep(context, { client: keeper, facts });
  const whole = keptRun ?? { ...scoreRun(facts, { suite, houseVersion: version }), id: '' };
  show(context, { run: whole, results: facts.results, options, of: tasks.length, isKept: keptRun !== null });
  if (keeper !== null && keptRun === null) return EXIT.failed;
  return run.complete ? EXIT.done : EXIT.interrupted;
}

function followResults({ terminal, texts }: CliContext, of: number): (result: { outcome: string }) => void {
  const count = { done: 0, passed: 0, errors: 0 };
  return ({ outcome }) => {
    count.done += 1;
    if (outcome === 'passed') count.passed += 1;
    if (outcome === 'error') count.errors += 1;
    // Where there is no screen, a line for every tenth part is enough.
    const step = String(Math.floor((count.done / of) * 10));
    terminal.progress(texts.openbox.progress(count.done, of, count.passed, count.errors), step);
  };
}

/** Null where the house could not: what took so long is shown all the same. An interrupt does not end the keeping. */
async function keep(
  context: CliContext,
  { client, facts }: { client: ApiClient; facts: SaveOpenboxRun },
): Promise<OpenboxRun | null> {
  try {
    return await client.call('saveOpenboxRun', { body: facts });
  } catch (error) {
    printError(context, error);
    return null;
  }
}

interface Finding {
  options: OpenboxOptions;
  client: ApiClient | null;
  config: { dataDirectory: string };
  signal: AbortSignal;
}

async function findServer({ texts }: CliContext, { options, client, config, signal }: Finding): Promise<TaskServer> {
  const { model, speechModel, baseUrl, key } = options;
  if (baseUrl !== null || client === null) return { baseUrl: baseUrl ?? '', key, model, speechModel };
  const names = await listModels(client, signal);
  if (!names.includes(model) && !model.startsWith('character/')) {
    throw new InvalidInputError(texts.openbox.unknownModel(model, names.join(', ')), { field: 'model' });
  }
  const token = await readTerminalToken(config.dataDirectory);
  return { baseUrl: client.url('/v1'), key: token ?? null, model, speechModel };
}

const modelListSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

async function listModels(client: ApiClient, signal: AbortSignal): Promise<string[]> {
  const response = await client.open('/v1/models', { signal, accept: 'application/json' });
  return modelListSchema.parse(await response.json()).data.map(({ id }) => id);
}

function describeRun({
  run: { results, complete, servedBy },
  suite,
  options: { model, baseUrl, sample, seed },
  startedAt,
  endedAt,
}: {
  run: SuiteRun;
  suite: Suite;
  options: OpenboxOptions;
  startedAt: number;
  endedAt: number;
}): SaveOpenboxRun {
  const served = [servedBy.model ?? model, servedBy.fingerprint].filter((part) => part !== null).join(' ');
  return {
    model,
    modelVersion: served.slice(0, 300),
    target: baseUrl === null ? 'house' : addressOf(baseUrl),
    suiteVersion: suite.version,
    suiteDigest: suite.digest,
    sample,
    seed,
    startedAt,
    endedAt,
    complete,
    results,
  };
}

/** Without what may stand in an address and is a secret. */
function addressOf(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname}`.slice(0, 300);
}

interface Shown {
  run: OpenboxRun;
  results: SaveOpenboxRun['results'];
  options: OpenboxOptions;
  of: number;
  isKept: boolean;
}

function show(context: CliContext, { run, results, options, of, isKept }: Shown): void {
  const { terminal, texts } = context;
  if (options.json) terminal.print(JSON.stringify({ run: { ...run, id: isKept ? run.id : null }, results }, null, 2));
  else printRun(context, { run, results, why: options.why });
  if (!run.complete) terminal.note(texts.openbox.stopped(results.length, of));
  if (isKept) terminal.note(texts.openbox.kept(run.id, run.modelVersion));
}
