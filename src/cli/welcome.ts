import { createClient, type ApiClient } from '../../client/create-client.ts';
import { readTerminalToken } from '../accounts/terminal-token.ts';
import { errorMessage, isAbort } from '../base/errors.ts';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import type { CliContext, ServedHouse } from './cli-context.ts';
import type { FoundHouse } from './connect.ts';
import { describeActive } from './describe-models.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { followStart, type ModelStart } from './follow-start.ts';
import { openInBrowser } from './open-in-browser.ts';
import { formatBytes } from './terminal.ts';

/** Opens the house that runs already. */
export async function openRunning(context: CliContext, config: Config, running: FoundHouse): Promise<ExitCode> {
  const { terminal, texts } = context;
  terminal.print(texts.alreadyRunning(running.address));
  const { url } = await running.client.call('openLink');
  terminal.print(`${texts.signIn}: ${url} (${texts.signInNote})`);
  await openInBrowser(context, config, url);
  return EXIT.done;
}

/** Says where the house is and how to come in, opens it in a browser, and tells which model answers. */
export async function welcome(
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
