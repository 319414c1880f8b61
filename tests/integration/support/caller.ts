import type { ErrorBody } from '../../../contract/common.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Message, MessagePage, SentMessage } from '../../../contract/messages.ts';
import { Watcher } from './watcher.ts';

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

let lastNumber = 0;

/** One person's way into a running house, over real HTTP. */
export class Caller {
  /** The address may change: a house can be started again. */
  readonly #address: () => string;
  readonly credential: Record<string, string>;

  constructor(address: () => string, credential: Record<string, string>) {
    this.#address = address;
    this.credential = credential;
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.#address() + path, {
      ...init,
      headers: { ...this.credential, ...(init.headers as Record<string, string> | undefined) },
    });
  }

  /** Any answer, also a refusal. */
  async ask(method: Method, path: string, body?: unknown): Promise<Answer> {
    const response = await this.fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
  }

  /** The body of an answer that is not a refusal. */
  async call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} was refused with ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body as T;
  }

  /** The error of a call that must be refused. */
  async refusal(
    method: Method,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; code: string; field: string | undefined; message: string }> {
    const answer = await this.ask(method, path, body);
    if (answer.status < 400) throw new Error(`${method} ${path} was not refused: ${JSON.stringify(answer.body)}`);
    const { code, field, message } = (answer.body as ErrorBody).error;
    return { status: answer.status, code, field, message };
  }

  begin(characterId = 'starter-mira', more: Record<string, unknown> = {}): Promise<Conversation> {
    return this.call('POST', '/api/conversations', { characterId, locale: 'en', ...more });
  }

  conversation(id: string): Promise<Conversation> {
    return this.call('GET', `/api/conversations/${id}`);
  }

  say(conversationId: string, text: string, more: Record<string, unknown> = {}): Promise<SentMessage> {
    lastNumber += 1;
    const clientId = `client-${lastNumber}`;
    return this.call('POST', `/api/conversations/${conversationId}/messages`, { text, clientId, ...more });
  }

  message(id: string): Promise<Message> {
    return this.call('GET', `/api/messages/${id}`);
  }

  page(conversationId: string, query = ''): Promise<MessagePage> {
    return this.call('GET', `/api/conversations/${conversationId}/messages${query}`);
  }

  /** The whole active path, page by page. */
  async path(conversationId: string, limit = 200): Promise<Message[]> {
    let page = await this.page(conversationId, `?limit=${limit}`);
    const messages = [...page.messages];
    while (page.hasOlder) {
      page = await this.page(conversationId, `?limit=${limit}&before=${messages[0]?.id}`);
      messages.unshift(...page.messages);
    }
    return messages;
  }

  watch(conversationId: string): Watcher {
    return new Watcher((signal) => this.fetch(`/api/conversations/${conversationId}/events`, { signal }));
  }

  /** Says something and waits until its reply has ended. */
  async talk(conversationId: string, text: string): Promise<{ sent: SentMessage; reply: Message }> {
    await using watcher = this.watch(conversationId);
    await watcher.event('conversation-snapshot');
    const sent = await this.say(conversationId, text);
    const ended = await watcher.event('reply-end', (event) => event.messageId === sent.reply?.id);
    return { sent, reply: ended.message };
  }

  /** Waits until a reply, started before, has ended. */
  async ended(conversationId: string, messageId: string): Promise<Message> {
    await using watcher = this.watch(conversationId);
    await watcher.event('conversation-snapshot');
    const message = await this.message(messageId);
    if (message.state !== 'streaming') return message;
    return (await watcher.event('reply-end', (event) => event.messageId === messageId)).message;
  }
}

/** The words of a message as a reader sees them. */
export function wordsOf(message: Message | null | undefined): string {
  return (message?.parts ?? [])
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('\n\n');
}
