import { CommanderError } from 'commander';
import { isAbort } from '../base/errors.ts';
import type { CliContext } from './cli-context.ts';
import { describeError, printError } from './describe-error.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { createProgram } from './program.ts';

/** Runs one word; returns what the process should end with. Never throws. */
export async function runCli(context: CliContext, words: readonly string[]): Promise<ExitCode> {
  const { terminal, texts } = context;
  const program = createProgram(context);
  const known = program.command.commands.map((command) => command.name());
  const [first] = words;
  if (first === 'help') return runCli(context, [...words.slice(1), '--help']);
  try {
    if (first !== undefined && !first.startsWith('-') && !known.includes(first)) {
      throw new CommanderError(EXIT.usage, 'commander.unknownCommand', `'${first}'`);
    }
    await program.command.parseAsync(words, { from: 'user' });
    return program.exitCode() ?? EXIT.done;
  } catch (error) {
    if (isAbort(error)) return EXIT.interrupted;
    if (error instanceof CommanderError) return endOfParsing(context, error);
    printError(context, error);
    return describeError(error, texts).exitCode;
  } finally {
    terminal.endProgress();
  }
}

function endOfParsing({ terminal, texts }: CliContext, { code, message, exitCode }: CommanderError): ExitCode {
  // Help and version were asked for and are no errors.
  if (exitCode === 0) return EXIT.done;
  if (code === 'commander.help') return EXIT.usage;
  const lead = texts.usage[code];
  const said = message.replace(/^error: /, '');
  // Commander's sentence is English; what it quotes is the person's own word.
  const quoted = /'[^']*'/.exec(said)?.[0] ?? said;
  const guess = /\(Did you mean .*\)/.exec(said)?.[0];
  terminal.note(`${texts.error}: ${lead === undefined ? said : [lead, quoted, guess].filter(Boolean).join(' ')}`);
  terminal.note(texts.usageHint('everwith'));
  return EXIT.usage;
}
