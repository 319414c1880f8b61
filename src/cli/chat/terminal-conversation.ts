import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { ApiClient } from '../../../client/create-client.ts';
import { messageText } from '../../../client/message-text.ts';
import { cleanText, type Locale } from '../../../contract/common.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Message } from '../../../contract/messages.ts';
import { NotFoundError, isAbort } from '../../base/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { chooseConversation } from './choose-conversation.ts';
import { followReply } from './follow-reply.ts';
import type { ReplyPrinter } from './reply-printers.ts';

/** Messages shown when an older conversation goes on. */
const SHOWN_MESSAGES = 6;

export interface TerminalConversationOptions {
  context: CliContext;
  client: ApiClient;
  conversation: Conversation;
  locale: Locale;
  print: ReplyPrinter;
  /** False leaves out everything but the replies. */
  talkative: boolean;
  /** What error a line of the conversation met; the conversation goes on. */
  onError: (error: unknown) => void;
}

/** One conversation at the terminal: single replies, or line by line until the person leaves. */
export class TerminalConversation {
  readonly #options: TerminalConversationOptions;
  #conversation: Conversation;

  constructor(options: TerminalConversationOptions) {
    this.#options = options;
    this.#conversation = options.conversation;
  }

  /** Sends one message and prints the reply. An interrupt stops the reply, which keeps its beginning. */
  say(text: string): Promise<ExitCode> {
    const { client } = this.#options;
    return this.#reply(async (signal) => {
      const { reply } = await client.call('sendMessage', {
        params: { id: this.#conversation.id },
        body: { text, clientId: randomUUID() },
        signal,
      });
      if (!reply) throw new Error('A reply was asked for and none was begun.');
      return reply;
    });
  }

  /** Reads lines until the input ends, `/quit`, or an interrupt while nobody speaks. */
  async run(): Promise<ExitCode> {
    const { context, talkative } = this.#options;
    const { stdin, terminal, interrupts } = context;
    const screen = stdin.isTTY && terminal.output.isTTY;
    if (talkative) await this.#showLatest();
    const lines = createInterface({
      input: stdin,
      ...(screen ? { output: terminal.output, prompt: `${context.texts.you}> ` } : {}),
      terminal: screen ?? false,
    });
    let left = false;
    const leave = () => {
      left = true;
      lines.close();
    };
    // In a raw terminal Ctrl-C is a key: it goes the way of a signal, to whoever listens last.
    lines.on('SIGINT', () => interrupts.raise('SIGINT'));
    using _leaving = interrupts.listen(leave);
    let code: ExitCode = EXIT.done;
    if (screen) lines.prompt();
    for await (const line of lines) {
      const text = line.trim();
      if (text === '/quit' || text === '/exit') break;
      if (text !== '') code = await this.#take(text);
      if (left) break;
      if (screen) lines.prompt();
    }
    lines.close();
    if (left && talkative) terminal.print();
    return left ? EXIT.interrupted : code;
  }

  async #take(text: string): Promise<ExitCode> {
    const { context, onError } = this.#options;
    try {
      if (!text.startsWith('/')) return await this.say(text);
      if (text === '/regenerate') return await this.#regenerate();
      if (text === '/new') {
        await this.#begin();
        return EXIT.done;
      }
      context.terminal.note(`${context.texts.unknownSlash(text)} ${context.texts.conversationHint}`);
      return EXIT.usage;
    } catch (error) {
      onError(error);
      return EXIT.failed;
    }
  }

  async #begin(): Promise<void> {
    const { client, locale, talkative } = this.#options;
    const characterId = this.#conversation.character.id;
    const signal = new AbortController().signal;
    this.#conversation = await chooseConversation(client, { characterId, locale, startNew: true, signal });
    if (talkative) await this.#showLatest();
  }

  #regenerate(): Promise<ExitCode> {
    const { client, context } = this.#options;
    const params = { id: this.#conversation.id };
    return this.#reply(async (signal) => {
      const { messages } = await client.call('messages', { params, query: { limit: SHOWN_MESSAGES }, signal });
      const last = messages.findLast(({ author, depth }) => author.kind === 'character' && depth > 0);
      if (!last) throw new NotFoundError(context.texts.nothingToRegenerate, { code: 'no-reply' });
      const { reply } = await client.call('startReply', {
        params,
        body: { kind: 'regenerate', messageId: last.id },
        signal,
      });
      return reply;
    });
  }

  /** The first interrupt stops the reply and waits for its end; the second leaves at once. */
  async #reply(ask: (signal: AbortSignal) => Promise<Message>): Promise<ExitCode> {
    const { client, context, print } = this.#options;
    const conversationId = this.#conversation.id;
    const giveUp = new AbortController();
    let asked = false;
    let stops = 0;
    const stop = () => {
      stops += 1;
      if (stops > 1) context.interrupts.end();
      else if (asked) void client.call('stopReplies', { params: { id: conversationId } }).catch(() => giveUp.abort());
      else giveUp.abort();
    };
    using _stopping = context.interrupts.listen(stop);
    try {
      const askOnce = async () => {
        asked = true;
        const reply = await ask(giveUp.signal);
        if (stops > 0) await client.call('stopReplies', { params: { id: conversationId } });
        return reply;
      };
      let code: ExitCode = EXIT.failed;
      for await (const part of followReply({ client, conversationId, ask: askOnce, signal: giveUp.signal })) {
        print(part);
        if (part.type === 'reply-end' && part.state === 'done') code = EXIT.done;
      }
      return stops > 0 && code !== EXIT.done ? EXIT.interrupted : code;
    } catch (error) {
      if (isAbort(error) && stops > 0) return EXIT.interrupted;
      throw error;
    }
  }

  async #showLatest(): Promise<void> {
    const { client, context } = this.#options;
    const { texts, terminal } = context;
    const page = await client.call('messages', {
      params: { id: this.#conversation.id },
      query: { limit: SHOWN_MESSAGES },
    });
    terminal.print(`— ${this.#conversation.title} ${texts.conversationHint}`);
    for (const message of page.messages) {
      if (message.deleted) continue;
      if (message.author.kind === 'human') terminal.print(`\n${texts.you}> ${cleanText(messageText(message))}`);
      else terminal.print(`\n${cleanText(messageText(message))}`);
    }
    terminal.print();
  }
}
