import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type ApiClient } from '../../../client/create-client.ts';
import { readTerminalToken } from '../../accounts/terminal-token.ts';
import { errorMessage, isAbort } from '../../base/errors.ts';
import type { Config, ConfigFlags } from '../../config/config.ts';
import { version } from '../../config/version.ts';
import type { CliContext, ServedHouse } from '../cli-context.ts';
import { findRunningHouse, isAlreadyRunning, type FoundHouse } from '../connect.ts';
import { describeActive } from '../describe-models.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followStart, type ModelStart } from '../follow-start.ts';
import { openHouseLog } from '../house-log.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { formatBytes } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

/** A house that has not closed by then is left as after a crash, which it survives. Below the promised five seconds. */
const DRAIN_IN_MS = 4800;
const LOOK_AGAIN_IN_MS = 300;

/**
 * Starts the house and stays until an interrupt, which drains it; a second one ends at once. Where the house runs
 * already, opens that one.
 */
export async function serveWord(context: CliContext, flags: ConfigFlags): Promise<ExitCode> {
  const config = readConfig(context, flags);
  using interrupt = context.interrupts.signal();
  const opened = await openOrFind(context, config, interrupt.signal);
  if ('client' in opened) return await openRunning(context, config, opened);
  try {
    await welcome(context, { config, house: opened, signal: interrupt.signal });
    await untilAborted(interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) {
      await opened[Symbol.asyncDispose]();
      throw error;
    }
  }
  return await drain(context, opened);
}

/** Opens the house, or finds the one that runs; one that is only passing is waited for. */
async function openOrFind(context: CliContext, config: Config, signal: AbortSignal): Promise<ServedHouse | FoundHouse> {
  const { terminal, texts, clock, environment } = context;
  const logger = openHouseLog({
    dataDirectory: config.dataDirectory,
    level: config.logLevel,
    warn: (text) => terminal.note(`${texts.warning}: ${text}`),
    now: clock.now,
  });
  for (let waited = false; ; waited = true) {
    try {
      return await context.serve({ config, logger, clock, environment });
    } catch (error) {
      if (!isAlreadyRunning(error)) throw error;
    }
    const running = await findRunningHouse(config.dataDirectory, signal);
    if (running && !running.passing) return running;
    if (running && !waited) terminal.note(texts.waitingForOther(running.pid));
    await sleep(LOOK_AGAIN_IN_MS, undefined, { signal });
  }
}

async function openRunning(context: CliContext, config: Config, running: FoundHouse): Promise<ExitCode> {
  const { terminal, texts } = context;
  terminal.print(texts.alreadyRunning(running.address));
  const { url } = await running.client.call('openLink');
  terminal.print(`${texts.signIn}: ${url} (${texts.signInNote})`);
  await openInBrowser(context, config, url);
  return EXIT.done;
}

async function welcome(
  context: CliContext,
  { config, house, signal }: { config: Config; house: ServedHouse; signal: AbortSignal },
): Promise<void> {
  const { terminal, texts } = context;
  terminal.print(`Everwith ${version}`);
  terminal.print(`  ${texts.address}: ${house.address}`);
  terminal.print(`  ${texts.data}: ${config.dataDirectory}`);
  if (!config.roles.includes('web')) {
    terminal.print(texts.noWeb);
    return;
  }
  const token = await readTerminalToken(config.dataDirectory);
  const client = createClient({ baseUrl: house.address, ...(token === undefined ? {} : { token }) });
  const { url } = await client.call('openLink', { signal });
  terminal.print(`  ${texts.signIn}: ${url} (${texts.signInNote})`);
  terminal.print(texts.stopHint);
  await openInBrowser(context, config, url);
  await tellModel(context, client, signal);
}

async function tellModel({ terminal, texts }: CliContext, client: ApiClient, signal: AbortSignal): Promise<void> {
  try {
    const start = await followStart({ client, terminal, texts, signal });
    terminal.print(`  ${texts.model}: ${describeActive(start.active, texts)}`);
    const better = betterModel(start);
    if (better) terminal.print(`  ${texts.recommended(better.label, formatBytes(better.sizeBytes), better.id)}`);
  } catch (error) {
    if (isAbort(error) || signal.aborted) throw error;
    terminal.print(`  ${texts.model}: ${texts.noModel(errorMessage(error))}`);
  }
}

/** Named only while a stand-in answers: who chose a model knows what they want. */
function betterModel({ active, models }: ModelStart) {
  return active.fallback
    ? models.find(({ recommendedHere, state }) => recommendedHere && state === 'absent')
    : undefined;
}

async function drain({ terminal, texts, interrupts }: CliContext, house: ServedHouse): Promise<ExitCode> {
  using _second = interrupts.listen(() => interrupts.end());
  terminal.note(texts.stopping);
  const late = new AbortController();
  const ended = await Promise.race([
    house[Symbol.asyncDispose]().then(() => true),
    sleep(DRAIN_IN_MS, false, { signal: late.signal }),
  ]);
  late.abort();
  terminal.note(ended ? texts.stopped : texts.forced);
  if (!ended) interrupts.end();
  return EXIT.done;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
