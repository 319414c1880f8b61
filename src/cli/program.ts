import { Command, type OptionValues } from 'commander';
import { version } from '../config/version.ts';
import type { ConfigFlags } from '../config/config.ts';
import type { CliContext } from './cli-context.ts';
import type { ExitCode } from './exit-codes.ts';
import type { OpenboxFlags } from './openbox/openbox-options.ts';
import type { CreateKeyFlags } from './words/keys.ts';
import type { TestLoreFlags } from './words/lore.ts';

export interface Program {
  command: Command;
  /** What the word that ran ended with. */
  exitCode: () => ExitCode | undefined;
}

/** Notes what a word ends with, and hands its options over together with those given before it. */
type Run = (
  work: (flags: OptionValues, values: (string | undefined)[]) => Promise<ExitCode>,
) => (...values: unknown[]) => Promise<void>;

/** Every word of `./everwith`, its options and its help. What a word needs is loaded when it was asked for. */
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
  const adding = { root, context, run };
  addServe(adding);
  addChat(adding);
  addModels(adding);
  addKeys(adding);
  addMacro(adding);
  addPrompt(adding);
  addLore(adding);
  addLedger(adding);
  addCard(adding);
  addEval(adding);
  addRest(adding);
  return { command: root, exitCode: () => exitCode };
}

interface Adding {
  root: Command;
  context: CliContext;
  run: Run;
}

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

function addServe({ root, context, run }: Adding): void {
  const { help } = context.texts;
  addWord(root, { name: 'serve', description: help.serve, context })
    .option('--host <address>', help.host)
    .option('--port <number>', help.port)
    .option('--roles <names>', help.roles)
    .option('--no-open', help.noOpen)
    .action(run(async (flags) => (await import('./words/serve.ts')).serveWord(context, flags)));
}

function addChat({ root, context, run }: Adding): void {
  const { help } = context.texts;
  addWord(root, { name: 'chat', description: help.chat, context })
    .argument('[character]', help.chatCharacter)
    .option('--message <text>', help.chatMessage)
    .option('--json', help.chatJson)
    .option('--new', help.chatNew)
    .option('--model <ref>', help.chatModel)
    .option('--locale <locale>', help.chatLocale)
    .addHelpText('after', `\n${help.chatMore}`)
    .action(run(async (flags, [character]) => (await import('./words/chat.ts')).chatWord(context, character, flags)));
}

function addModels({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const models = addWord(root, { name: 'models', description: help.models, context }).helpCommand(false);
  const word = (name: string, description: string) => addWord(models, { name, description, context });
  word('list', help.modelsList)
    .option('--json', help.json)
    .action(run(async (flags) => (await import('./words/models.ts')).listModelsWord(context, flags)));
  word('pull', help.modelsPull)
    .argument('<id>', help.modelId)
    .action(run(async (flags, [id = '']) => (await import('./words/models.ts')).pullModelWord(context, id, flags)));
  word('add', help.modelsAdd)
    .argument('<file>', help.modelFile)
    .action(run(async (flags, [file = '']) => (await import('./words/models.ts')).addModelWord(context, file, flags)));
  word('remove', help.modelsRemove)
    .argument('<id>', help.modelId)
    .action(run(async (flags, [id = '']) => (await import('./words/models.ts')).removeModelWord(context, id, flags)));
  word('verify', help.modelsVerify)
    .argument('[id]', help.modelId)
    .action(run(async (flags, [id]) => (await import('./words/models.ts')).verifyModelsWord(context, id, flags)));
  word('use', help.modelsUse)
    .argument('<ref>', help.modelRef)
    .action(run(async (flags, [ref = '']) => (await import('./words/models.ts')).chooseModelWord(context, ref, flags)));
}

function addKeys({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const keys = addWord(root, { name: 'keys', description: help.keys, context }).helpCommand(false);
  const word = (name: string, description: string) => addWord(keys, { name, description, context });
  word('create', help.keysCreate)
    .requiredOption('--name <name>', help.keyName)
    .option('--scope <scope>', help.keyScope, (scope: string, before: string[] | undefined) => [
      ...(before ?? []),
      scope,
    ])
    .option('--json', help.json)
    .action(run(async (flags) => (await import('./words/keys.ts')).createKeyWord(context, flags as CreateKeyFlags)));
  word('list', help.keysList)
    .option('--json', help.json)
    .action(run(async (flags) => (await import('./words/keys.ts')).listKeysWord(context, flags)));
  word('revoke', help.keysRevoke)
    .argument('<id>', help.keyId)
    .action(run(async (flags, [id = '']) => (await import('./words/keys.ts')).revokeKeyWord(context, id, flags)));
}

function addMacro({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const macro = addWord(root, { name: 'macro', description: help.macro, context }).helpCommand(false);
  addWord(macro, { name: 'render', description: help.macroRender, context })
    .argument('<text>', help.macroText)
    .option('--char <name>', help.macroChar)
    .option('--user <name>', help.macroUser)
    .option('--seed <number>', help.macroSeed)
    .option('--mode <mode>', help.macroMode)
    .action(
      run(async (flags, [text = '']) => (await import('./words/macro.ts')).renderMacroWord(context, text, flags)),
    );
}

function addPrompt({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const prompt = addWord(root, { name: 'prompt', description: help.prompt, context }).helpCommand(false);
  addWord(prompt, { name: 'render', description: help.promptRender, context })
    .option('--conversation <id>', help.promptConversation)
    .option('--message <id>', help.promptMessage)
    .option('--next', help.promptNext)
    .option('--json', help.json)
    .action(run(async (flags) => (await import('./words/prompt.ts')).renderPromptWord(context, flags)));
}

function addLore({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const lore = addWord(root, { name: 'lore', description: help.lore, context }).helpCommand(false);
  addWord(lore, { name: 'test', description: help.loreTest, context })
    .requiredOption('--book <file>', help.loreBook)
    .requiredOption('--messages <file>', help.loreMessages)
    .option('--mode <mode>', help.loreMode)
    .option('--settings <file>', help.loreSettings)
    .option('--seed <number>', help.loreSeed)
    .option('--json', help.json)
    .addHelpText('after', `\n${help.loreMore}`)
    .action(run(async (flags) => (await import('./words/lore.ts')).testLoreWord(context, flags as TestLoreFlags)));
}

function addLedger({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const ledger = addWord(root, { name: 'ledger', description: help.ledger, context }).helpCommand(false);
  addWord(ledger, { name: 'reconcile', description: help.ledgerReconcile, context })
    .option('--import <file>', help.ledgerImport)
    .option('--json', help.json)
    .action(run(async (flags) => (await import('./words/ledger.ts')).reconcileWord(context, flags)));
  addWord(ledger, { name: 'export', description: help.ledgerExport, context }).action(
    run(async (flags) => (await import('./words/ledger.ts')).exportLedgerWord(context, flags)),
  );
}

function addCard({ root, context, run }: Adding): void {
  const { help } = context.texts;
  const card = addWord(root, { name: 'card', description: help.card, context }).helpCommand(false);
  const word = (name: string, description: string) => addWord(card, { name, description, context });
  word('inspect', help.cardInspect)
    .argument('<file>', help.cardFile)
    .option('--json', help.json)
    .action(run(async (flags, [file = '']) => (await import('./words/card.ts')).inspectCardWord(context, file, flags)));
  word('convert', help.cardConvert)
    .argument('<file>', help.cardFile)
    .argument('<out>', help.cardOut)
    .option('--spec <version>', help.cardSpec)
    .option('--force', help.cardForce)
    .action(
      run(async (flags, [file = '', out = '']) =>
        (await import('./words/card.ts')).convertCardWord(context, { file, out }, flags),
      ),
    );
}

function addEval({ root, context, run }: Adding): void {
  const { help } = context.texts.openbox;
  const evaluate = addWord(root, { name: 'eval', description: help.eval, context }).helpCommand(false);
  addWord(evaluate, { name: 'openbox', description: help.openbox, context })
    .requiredOption('--model <name>', help.model)
    .option('--base-url <address>', help.baseUrl)
    .option('--key <key>', help.key)
    .option('--speech-model <name>', help.speechModel)
    .option('--sample <part>', help.sample)
    .option('--seed <number>', help.seed)
    .option('--categories <names>', help.categories)
    .option('--concurrency <number>', help.concurrency)
    .option('--why', help.why)
    .option('--no-keep', help.noKeep)
    .option('--json', context.texts.help.json)
    .addHelpText('after', `\n${help.more}`)
    .action(
      run(async (flags) =>
        (await import('./words/eval-openbox.ts')).evalOpenboxWord(context, flags as ConfigFlags & OpenboxFlags),
      ),
    );
}

function addRest({ root, context, run }: Adding): void {
  const { help } = context.texts;
  addWord(root, { name: 'password', description: help.password, context })
    .option('--username <name>', help.username)
    .option('--password-stdin', help.passwordStdin)
    .action(run(async (flags) => (await import('./words/password.ts')).passwordWord(context, flags)));
  addWord(root, { name: 'https', description: help.https, context })
    .argument('[state]', help.httpsState)
    .option('--json', help.json)
    .action(run(async (flags, [state]) => (await import('./words/https.ts')).httpsWord(context, state, flags)));
  addWord(root, { name: 'open', description: help.open, context })
    .option('--no-open', help.noOpen)
    .action(run(async (flags) => (await import('./words/open.ts')).openWord(context, flags)));
  addWord(root, { name: 'doctor', description: help.doctor, context })
    .option('--json', help.json)
    .action(run(async (flags) => (await import('./words/doctor.ts')).doctorWord(context, flags)));
  addWord(root, { name: 'backup', description: help.backup, context })
    .argument('<file>', help.backupFile)
    .option('--force', help.backupForce)
    .addHelpText('after', `\n${help.backupSecrets}`)
    .action(run(async (flags, [file = '']) => (await import('./words/backup.ts')).backupWord(context, file, flags)));
  addWord(root, { name: 'restore', description: help.restore, context })
    .argument('<file>', help.restoreFile)
    .option('--force', help.restoreForce)
    .action(run(async (flags, [file = '']) => (await import('./words/backup.ts')).restoreWord(context, file, flags)));
}
