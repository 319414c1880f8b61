import { ApiError } from '../../../client/api-error.ts';
import { ConversationSession } from '../../../client/conversation-session.ts';
import { createClient, type ApiClient } from '../../../client/create-client.ts';
import { Outbox } from '../../../client/outbox.ts';
import { createMemoryOutboxStorage } from '../../../client/outbox-storage.ts';
import type { Message } from '../../../contract/messages.ts';
import { FaultyNetwork } from './faulty-network.ts';

export interface DeviceOptions {
  name: string;
  address: () => string;
  headers: Record<string, string>;
  conversationId: string;
}

/** One person's device in a conversation: the real client with its outbox, behind a network that may fail. */
export class Device implements Disposable {
  readonly name: string;
  readonly network: FaultyNetwork;
  readonly client: ApiClient;
  /** Sends that the server said it had taken: their messages by client id. */
  readonly acknowledged = new Map<string, Message>();
  /** Sends that the server refused; they were not taken. */
  readonly refused = new Set<string>();
  readonly posted = new Map<string, string>();
  /** Tokens of edits that the server said it had taken. */
  readonly edited: string[] = [];
  /** The words of each reply as they grew here, the last time they were seen growing. */
  readonly grown = new Map<string, string>();
  /** Conversations that were branched off, by client id. */
  readonly branches = new Map<string, string>();
  readonly #conversationId: string;
  readonly #storage = createMemoryOutboxStorage();
  #sends = 0;
  #outbox: Outbox;
  #session: ConversationSession;

  constructor({ name, address, headers, conversationId }: DeviceOptions) {
    this.name = name;
    this.#conversationId = conversationId;
    this.network = new FaultyNetwork(address, headers);
    this.client = createClient({ baseUrl: 'http://house', fetch: this.network.fetch });
    [this.#outbox, this.#session] = this.#open();
  }

  get session(): ConversationSession {
    return this.#session;
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  [Symbol.dispose](): void {
    this.#session[Symbol.dispose]();
    this.#outbox[Symbol.dispose]();
    this.network.cut();
  }

  /** The tab is closed, and opened again on what the device kept. */
  reopen(): void {
    this[Symbol.dispose]();
    [this.#outbox, this.#session] = this.#open();
  }

  say(text: string, to?: readonly string[]): Promise<void> {
    this.#sends += 1;
    const clientId = `${this.#conversationId}-${this.name}-${this.#sends}`;
    this.posted.set(clientId, text);
    return this.session.send(text, { clientId, ...(to && { to }) });
  }

  async branchOff(messageId: string): Promise<void> {
    this.#sends += 1;
    const clientId = `${this.#conversationId}-${this.name}-${this.#sends}`;
    const params = { id: this.#conversationId };
    const { id } = await this.client.call('branchOff', { params, body: { messageId, clientId } });
    this.branches.set(clientId, id);
  }

  /** What the server shows this person: the whole active path, oldest first. */
  async serverPath(): Promise<{ messages: Message[]; revision: number }> {
    const params = { id: this.#conversationId };
    let page = await this.client.call('messages', { params, query: { limit: 200 } });
    const { revision } = page;
    const messages = [...page.messages];
    while (page.hasOlder) {
      page = await this.client.call('messages', { params, query: { limit: 200, before: messages[0]?.id } });
      messages.unshift(...page.messages);
    }
    return { messages, revision };
  }

  #open(): [Outbox, ConversationSession] {
    const { client } = this;
    const outbox = new Outbox({ client, storage: this.#storage, now: () => 0, firstDelay: 5, lastDelay: 50 });
    outbox.subscribe((event) => {
      const { clientId } = event.message;
      if (event.type === 'message-refuse') this.refused.add(clientId);
      if (event.type === 'message-sent' && event.sent) this.acknowledged.set(clientId, event.sent.message);
    });
    const session = new ConversationSession({
      client,
      conversationId: this.#conversationId,
      newId: () => crypto.randomUUID(),
      now: () => 0,
      outbox,
      reconnect: { firstDelay: 5, lastDelay: 50 },
    });
    session.subscribe(() => {
      for (const { messageId, text } of session.getState().streaming.values()) this.grown.set(messageId, text);
    });
    session.open();
    void outbox.open();
    return [outbox, session];
  }
}

/** Does something that may be refused or lost; anything but a refusal in the client's own words is a defect. */
export async function attempt(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
