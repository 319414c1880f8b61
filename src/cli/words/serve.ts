import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../base/errors.ts';
import type { Config, ConfigFlags } from '../../config/config.ts';
import type { CliContext, ServedHouse } from '../cli-context.ts';
import type { FoundHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openHouseLog } from '../house-log.ts';
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
  // Loaded only now: none of it has a part in opening the house.
  const { welcome, openRunning } = await import('../welcome.ts');
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
      if (!(error instanceof AppError && error.code === 'already-running')) throw error;
    }
    const { findRunningHouse } = await import('../connect.ts');
    const running = await findRunningHouse(config.dataDirectory, signal);
    if (running && !running.passing) return running;
    if (running && !waited) terminal.note(texts.waitingForOther(running.pid));
    await sleep(LOOK_AGAIN_IN_MS, undefined, { signal });
  }
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
