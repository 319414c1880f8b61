import { join } from 'node:path';
import { systemClock } from '../base/clock.ts';
import type { CliContext, Environment } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { Interrupts } from './interrupts.ts';
import { runCli } from './run-cli.ts';
import { Terminal } from './terminal.ts';
import { terminalLocale, textsFor } from './terminal-locale.ts';

export interface StartCliOptions {
  environment: Environment;
  serve: CliContext['serve'];
}

/** Runs the word the process was started with, then ends the process. */
export async function startCli({ environment, serve }: StartCliOptions): Promise<void> {
  const locale = terminalLocale(environment);
  const interrupts = new Interrupts((code) => process.exit(code));
  interrupts.attach();
  const context: CliContext = {
    environment,
    platform: process.platform,
    callerDirectory: environment['EVERWITH_CALLER_DIRECTORY'] ?? process.cwd(),
    stdin: process.stdin,
    terminal: new Terminal({ output: process.stdout, notes: process.stderr }),
    interrupts,
    texts: textsFor(locale),
    locale,
    clock: systemClock,
    webDirectory: join(import.meta.dirname, '..', '..', 'dist', 'web'),
    serve,
    openBrowser: async (url) => {
      const { default: open } = await import('open');
      const child = await open(url);
      child.on('error', () => undefined);
    },
  };
  // A reader that has seen enough (`everwith … | head`) is no failure of ours.
  process.stdout.on('error', () => process.exit(EXIT.done));
  process.stderr.on('error', () => undefined);
  const code = await runCli(context, process.argv.slice(2));
  await flush(process.stdout);
  await flush(process.stderr);
  process.exit(code);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}
