import { createParser } from 'eventsource-parser';
import { conversationEventSchema, type ConversationEvent } from '../../../contract/conversations.ts';

type EventOf<Type extends ConversationEvent['type']> = Extract<ConversationEvent, { type: Type }>;

/** Somebody who looks at a conversation: every event as it came. */
export class Watcher implements AsyncDisposable {
  readonly events: ConversationEvent[] = [];
  /** Settles when the stream is over, however it ended. */
  readonly ended: Promise<void>;
  readonly #connection = new AbortController();
  readonly #looks = new Set<() => void>();
  #over = false;

  constructor(open: (signal: AbortSignal) => Promise<Response>) {
    this.ended = this.#read(open)
      .catch(() => undefined)
      .finally(() => {
        this.#over = true;
        this.#look();
      });
  }

  /** The first event, past or to come, that passes. */
  async event<Type extends ConversationEvent['type']>(
    type: Type,
    test: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    const isWanted = (event: ConversationEvent): event is EventOf<Type> =>
      event.type === type && test(event as EventOf<Type>);
    return this.until(type, () => this.events.find(isWanted));
  }

  /** Waits for the next events until there is something to see. */
  async until<T>(what: string, look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const seen = look();
      if (seen !== undefined && seen !== false) return seen;
      if (this.#over) throw new Error(`The stream ended before: ${what}. ${JSON.stringify(this.events.slice(-3))}`);
      await new Promise<void>((resolve) => this.#looks.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.abort();
    await this.ended;
  }

  #look(): void {
    const looks = [...this.#looks];
    this.#looks.clear();
    for (const look of looks) look();
  }

  async #read(open: (signal: AbortSignal) => Promise<Response>): Promise<void> {
    const response = await open(this.#connection.signal);
    if (!response.ok || !response.body) throw new Error(`No stream: ${response.status}`);
    const parser = createParser({
      onEvent: ({ data }) => this.events.push(conversationEventSchema.parse(JSON.parse(data))),
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      this.#look();
    }
  }
}

/** What a watcher has on its screen for a reply: the snapshot's words and every delta after it. */
export function shownText(events: readonly ConversationEvent[], messageId: string): string {
  let text = '';
  for (const event of events) {
    if (event.type === 'conversation-snapshot') {
      text = event.streaming.find((reply) => reply.messageId === messageId)?.text ?? '';
    } else if (event.type === 'text-delta' && event.messageId === messageId) text += event.text;
  }
  return text;
}
