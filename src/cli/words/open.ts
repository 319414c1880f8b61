import { NotFoundError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { findRunningHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { readConfig } from '../word-config.ts';

/** Prints a fresh one-time link of the running app, and opens it where there is a browser. */
export async function openWord(context: CliContext, flags: ConfigFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  const config = readConfig(context, flags);
  using interrupt = interrupts.signal();
  const running = await findRunningHouse(config.dataDirectory, interrupt.signal);
  if (!running) throw new NotFoundError(texts.notRunning, { code: 'not-running' });
  const { url } = await running.client.call('openLink', { signal: interrupt.signal });
  terminal.print(url);
  await openInBrowser(context, config, url);
  return EXIT.done;
}
