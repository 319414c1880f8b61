import type { ApiClient } from '../../../client/create-client.ts';
import { localeSchema, type Locale } from '../../../contract/common.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import { describeCharacters, chooseConversation, chooseModel, findCharacter } from '../chat/choose-conversation.ts';
import { jsonPrinter, textPrinter } from '../chat/reply-printers.ts';
import { TerminalConversation } from '../chat/terminal-conversation.ts';
import type { CliContext } from '../cli-context.ts';
import { connect, withHouse } from '../connect.ts';
import { describeError, printError } from '../describe-error.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { followStart } from '../follow-start.ts';
import { readConfig } from '../word-config.ts';

export interface ChatFlags extends ConfigFlags {
  message?: string;
  json?: boolean;
  new?: boolean;
  model?: string;
  locale?: string;
}

/** Talks with a character: one message, or line by line. Without a character lists them. */
export async function chatWord(
  context: CliContext,
  character: string | undefined,
  flags: ChatFlags,
): Promise<ExitCode> {
  const json = flags.json ?? false;
  try {
    return character === undefined ? await listCharacters(context, flags) : await talk(context, character, flags);
  } catch (error) {
    // Who reads lines of JSON gets the failure as one, too.
    if (json && character !== undefined) {
      const { code, message, retryable } = describeError(error, context.texts);
      context.terminal.print(
        JSON.stringify({ type: 'reply-end', state: 'failed', failure: { code, message, retryable } }),
      );
    }
    throw error;
  }
}

async function listCharacters(context: CliContext, flags: ChatFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  const asked = parseLocale(flags.locale);
  using interrupt = interrupts.signal();
  const { signal } = interrupt;
  const options = { config: readConfig(context, flags), wake: false, signal };
  const { characters } = await withHouse(context, options, async (client) => {
    const locale = asked ?? (await ownLocale(context, client, signal));
    return client.call('characters', { query: { locale }, signal });
  });
  if (flags.json) {
    for (const { slug, name, tagline, id } of characters) {
      terminal.print(JSON.stringify({ type: 'character', slug, name, tagline, id }));
    }
    return EXIT.done;
  }
  terminal.print(describeCharacters(characters));
  terminal.print(texts.talkTo);
  return EXIT.done;
}

async function talk(context: CliContext, wanted: string, flags: ChatFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  const asked = parseLocale(flags.locale);
  if (flags.message !== undefined && flags.message.trim() === '') {
    throw new InvalidInputError('The message is empty.', { field: 'message' });
  }
  const config = readConfig(context, flags);
  using interrupt = interrupts.signal();
  const { signal } = interrupt;
  await using house = await connect(context, { config, wake: true, alone: flags.message !== undefined, signal });
  const { client } = house;
  const locale = asked ?? (await ownLocale(context, client, signal));
  const character = await findCharacter(client, { wanted, locale, texts, signal });
  if (flags.model === undefined) await followStart({ client, terminal, texts, signal });
  const conversation = await chooseConversation(client, {
    characterId: character.id,
    locale,
    startNew: flags.new ?? false,
    signal,
  });
  if (flags.model !== undefined) {
    await chooseModel(client, { conversationId: conversation.id, ref: flags.model, texts, signal });
  }
  const talkative = !flags.json && flags.message === undefined && (terminal.output.isTTY ?? false);
  const session = new TerminalConversation({
    context,
    client,
    conversation,
    locale,
    print: flags.json ? jsonPrinter(terminal) : textPrinter({ terminal, texts }),
    talkative,
    onError: (error) => printError(context, error),
  });
  return flags.message === undefined ? await session.run() : await session.say(flags.message);
}

function parseLocale(text: string | undefined): Locale | undefined {
  if (text === undefined) return undefined;
  const parsed = localeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(`There is no language “${text}” here; there are ${localeSchema.options.join(', ')}.`, {
    field: 'locale',
  });
}

/** The owner's own choice, else the language of the terminal. */
async function ownLocale(context: CliContext, client: ApiClient, signal: AbortSignal): Promise<Locale> {
  return (await client.call('me', { signal })).locale ?? context.locale;
}
