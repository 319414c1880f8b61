import { Command, type OptionValues } from 'commander';
import { version } from '../config/version.ts';
import type { CliContext } from './cli-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { chatWord } from './words/chat.ts';
import { serveWord } from './words/serve.ts';

export interface Program {
  command: Command;
  /** What the word that ran ended with. */
  exitCode: () => ExitCode | undefined;
}

/** Notes what a word ends with, and hands its options over together with those given before it. */
type Run = (
  work: (flags: OptionValues, values: (string | undefined)[]) => Promise<ExitCode>,
) => (...values: unknown[]) => Promise<void>;

/** Every word of `./everwith`, its options and its help. */
export function createProgram(context: CliContext): Program {
  const { texts } = context;
  const { help } = texts;
  let exitCode: ExitCode | undefined;
  const run: Run =
    (work) =>
    async (...values) => {
      const command = values.pop() as Command;
      values.pop();
      exitCode = await work(command.optsWithGlobals(), values as (string | undefined)[]);
    };
  const root = styled(new Command('everwith'), context)
    .description(help.about)
    .version(version, '-V, --version', help.version)
    .addHelpText('after', `\n${help.default}\n${help.launcher}`)
    .helpCommand(false);
  withHouse(root, context);
  const word: AddWord = (name, description) => addWord(root, { name, description, context });
  addServe(word, { context, run });
  addChat(word, { context, run });
  return { command: root, exitCode: () => exitCode };
}

type AddWord = (name: string, description: string) => Command;

function addWord(
  parent: Command,
  { name, description, context }: { name: string; description: string; context: CliContext },
): Command {
  const isDefault = name === 'serve';
  return withHouse(styled(parent.command(name, { isDefault }), context).description(description), context);
}

function styled(command: Command, { texts, terminal }: CliContext): Command {
  return command
    .helpOption('-h, --help', texts.help.help)
    .configureHelp({ styleTitle: (title) => texts.titles[title] ?? title })
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.notes.write(text),
      // Said by `runCli`, in the language of the terminal.
      outputError: () => undefined,
    })
    .addHelpText('after', `\n${texts.help.exitCodes}`)
    .exitOverride();
}

function withHouse(command: Command, { texts }: CliContext): Command {
  return command.option('--data <folder>', texts.help.data).option('--config <file>', texts.help.config);
}

interface Adding {
  context: CliContext;
  run: Run;
}

function addServe(word: AddWord, { context, run }: Adding): void {
  const { help } = context.texts;
  word('serve', help.serve)
    .option('--host <address>', help.host)
    .option('--port <number>', help.port)
    .option('--roles <names>', help.roles)
    .option('--no-open', help.noOpen)
    .action(run((flags) => serveWord(context, flags)));
}

function addChat(word: AddWord, { context, run }: Adding): void {
  const { help } = context.texts;
  word('chat', help.chat)
    .argument('[character]', help.chatCharacter)
    .option('--message <text>', help.chatMessage)
    .option('--json', help.chatJson)
    .option('--new', help.chatNew)
    .option('--model <ref>', help.chatModel)
    .option('--locale <locale>', help.chatLocale)
    .addHelpText('after', `\n${help.chatMore}`)
    .action(run((flags, [character]) => chatWord(context, character, flags)));
}
