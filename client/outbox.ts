import type { SentMessage } from '../contract/messages.ts';
import { ApiError, isAbortError } from './api-error.ts';
import type { ApiClient } from './create-client.ts';
import {
  compareWritten,
  type KeptError,
  type OutboxLock,
  type OutboxMessage,
  type OutboxStorage,
} from './outbox-storage.ts';

export interface OutboxOptions {
  client: ApiClient;
  storage: OutboxStorage;
  now: () => number;
  /** Lets only one tab send at a time; without it the server's `clientId` alone prevents doubles. */
  lock?: OutboxLock;
  /** Registers a function that tries at once again (back online, page shown again). */
  onWake?: (wake: () => void) => () => void;
  /** Between attempts, in ms: doubled from the first to the last. */
  firstDelay?: number;
  lastDelay?: number;
  /** An attempt without an answer counts as lost after so many ms. */
  patience?: number;
}

export type OutboxEvent =
  /** New here, or as another tab wrote it. */
  | { type: 'message-wait'; message: OutboxMessage }
  | { type: 'message-try'; message: OutboxMessage }
  | { type: 'message-refuse'; message: OutboxMessage }
  /** `sent` is null where this version does not understand the answer. */
  | { type: 'message-sent'; message: OutboxMessage; sent: SentMessage | null }
  /** Discarded, or sent by another tab. */
  | { type: 'message-remove'; message: OutboxMessage };

export type NewOutboxMessage = Omit<OutboxMessage, 'createdAt' | 'order' | 'state' | 'error'>;

/**
 * Messages written here until the server has them: in order for each conversation, each exactly once, over lost
 * networks, lost answers and closed tabs. What the server refuses stays and holds nothing else up.
 */
export class Outbox implements Disposable {
  readonly #options: OutboxOptions;
  readonly #messages = new Map<string, OutboxMessage>();
  readonly #listeners = new Set<(event: OutboxEvent) => void>();
  /** By conversation: who delivers now, and whether to look once more afterwards. */
  readonly #rounds = new Map<string, { done: Promise<void>; again: boolean }>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #failures = new Map<string, number>();
  /** Not kept, or not yet: nobody else can have sent these. */
  readonly #unkept = new Set<string>();
  readonly #life = new AbortController();
  readonly #stops: (() => void)[] = [];
  #lastOrder = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Reads what waits from before and sends it. */
  async open(): Promise<void> {
    const stopWaking = this.#options.onWake?.(() => this.wake());
    if (stopWaking) this.#stops.push(stopWaking);
    this.#stops.push(this.#options.storage.watch(() => void this.#refresh()));
    await this.#refresh();
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    for (const stop of this.#stops.splice(0)) stop();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#listeners.clear();
  }

  /** As they were written. */
  of(conversationId: string): OutboxMessage[] {
    return this.all().filter((message) => message.conversationId === conversationId);
  }

  all(): OutboxMessage[] {
    return [...this.#messages.values()].toSorted(compareWritten);
  }

  readonly subscribe = (listener: (event: OutboxEvent) => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Keeps a message, then sends it, and whatever waits before it. Resolves once it was sent, refused, or waits for
   * the network; never rejects. `before` runs when it is kept and before it is sent.
   */
  async post(message: NewOutboxMessage, before?: () => Promise<void>): Promise<void> {
    const known = this.#messages.get(message.clientId);
    const written = known ?? { createdAt: this.#options.now(), order: (this.#lastOrder += 1) };
    const { createdAt, order } = written;
    await this.#keep({ ...message, createdAt, order, state: 'waiting', error: null });
    await before?.();
    await this.#deliver(message.conversationId);
  }

  /** Takes a message back. One whose answer was lost may be with the server already. */
  async discard(clientId: string): Promise<void> {
    const message = this.#messages.get(clientId);
    if (message) await this.#drop(message, { type: 'message-remove', message });
  }

  /** Tries everything that waits now. */
  wake(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#failures.clear();
    for (const id of this.#waiting()) void this.#deliver(id);
  }

  #waiting(): Set<string> {
    const waiting = [...this.#messages.values()].filter(({ state }) => state === 'waiting');
    return new Set(waiting.map(({ conversationId }) => conversationId));
  }

  /** Brings what is known here in line with what is kept. */
  async #refresh(): Promise<void> {
    const kept = await this.#readKept();
    if (kept === null) return;
    for (const message of kept.toSorted(compareWritten)) {
      const before = this.#messages.get(message.clientId);
      if (before?.state === message.state && before.text === message.text) continue;
      this.#know(message);
    }
    for (const id of this.#waiting()) if (!this.#timers.has(id)) void this.#deliver(id);
  }

  #know(message: OutboxMessage): void {
    this.#messages.set(message.clientId, message);
    this.#lastOrder = Math.max(this.#lastOrder, message.order);
    this.#tell({ type: message.state === 'refused' ? 'message-refuse' : 'message-wait', message });
  }

  async #keep(message: OutboxMessage): Promise<void> {
    this.#unkept.add(message.clientId);
    this.#know(message);
    try {
      await this.#options.storage.put(message);
      this.#unkept.delete(message.clientId);
    } catch {
      // Without room to keep it, it is sent all the same while the page lives.
    }
  }

  async #drop(message: OutboxMessage, event: OutboxEvent): Promise<void> {
    this.#messages.delete(message.clientId);
    this.#unkept.delete(message.clientId);
    this.#tell(event);
    await this.#options.storage.remove(message.clientId).catch(() => undefined);
  }

  #tell(event: OutboxEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #deliver(conversationId: string): Promise<void> {
    const running = this.#rounds.get(conversationId);
    if (running) {
      running.again = true;
      return running.done;
    }
    const round = { done: Promise.resolve(), again: false };
    this.#rounds.set(conversationId, round);
    round.done = this.#round(conversationId, round).finally(() => this.#rounds.delete(conversationId));
    return round.done;
  }

  async #round(conversationId: string, round: { again: boolean }): Promise<void> {
    const { lock = (_name, work) => work() } = this.#options;
    do {
      round.again = false;
      const failed = await lock(`everwith-outbox-${conversationId}`, () => this.#sendAll(conversationId));
      if (failed !== null) this.#tryLater(conversationId, failed);
    } while (round.again && !this.#life.signal.aborted && !this.#timers.has(conversationId));
  }

  /** Sends what waits in one conversation. Returns why it stopped, or null when nothing waits any more. */
  async #sendAll(conversationId: string): Promise<ApiError | null> {
    for (;;) {
      if (this.#life.signal.aborted) return null;
      await this.#readKept();
      const next = this.of(conversationId).find(({ state }) => state === 'waiting');
      if (next === undefined) return null;
      const failure = await this.#attempt(next);
      if (failure !== null) return failure;
    }
  }

  /** Reads what is kept; what was kept before and is no more was sent or taken back in another tab. Null = unreadable. */
  async #readKept(): Promise<OutboxMessage[] | null> {
    const before = this.all().filter(({ clientId }) => !this.#unkept.has(clientId));
    const kept = await this.#options.storage.list().catch(() => null);
    if (kept === null || this.#life.signal.aborted) return null;
    const ids = new Set(kept.map(({ clientId }) => clientId));
    for (const { clientId } of before) {
      const message = this.#messages.get(clientId);
      if (ids.has(clientId) || message === undefined) continue;
      this.#messages.delete(clientId);
      this.#tell({ type: 'message-remove', message });
    }
    return kept;
  }

  /** Returns why it has to be tried again, or null when this message is done with. */
  async #attempt(message: OutboxMessage): Promise<ApiError | null> {
    this.#tell({ type: 'message-try', message });
    const { client, patience = 60_000 } = this.#options;
    const { conversationId, clientId, text, attachments, to, speakers } = message;
    const body = {
      text,
      clientId,
      ...(attachments.length > 0 && { attachments: [...attachments] }),
      ...(to && { to: [...to] }),
      ...(speakers && speakers.length > 0 && { speakers: [...speakers] }),
    };
    const signal = AbortSignal.any([this.#life.signal, AbortSignal.timeout(patience)]);
    try {
      const sent = await client.call('sendMessage', { params: { id: conversationId }, body, signal });
      this.#failures.delete(conversationId);
      await this.#drop(message, { type: 'message-sent', message, sent });
      return null;
    } catch (error) {
      return this.#judge(message, toApiError(error));
    }
  }

  async #judge(message: OutboxMessage, error: ApiError): Promise<ApiError | null> {
    // It was discarded while it was on its way, or belongs to the next tab now.
    if (this.#life.signal.aborted) return null;
    if (!this.#messages.has(message.clientId)) return null;
    if (error.status >= 200 && error.status < 300) {
      await this.#drop(message, { type: 'message-sent', message, sent: null });
      return null;
    }
    const kept: KeptError = {
      code: error.code,
      message: error.message,
      status: error.status,
      retryable: error.retryable,
    };
    if (error.field !== undefined) kept.field = error.field;
    if (error.details !== undefined) kept.details = error.details;
    const waits = mayPass(error);
    await this.#keep({ ...message, state: waits ? 'waiting' : 'refused', error: kept });
    return waits ? error : null;
  }

  #tryLater(conversationId: string, error: ApiError): void {
    if (this.#life.signal.aborted) return;
    const { firstDelay = 1000, lastDelay = 30_000 } = this.#options;
    const failures = this.#failures.get(conversationId) ?? 0;
    this.#failures.set(conversationId, failures + 1);
    const asked = (error.retryAfterInSeconds ?? 0) * 1000;
    const delay = Math.max(asked, Math.min(lastDelay, firstDelay * 2 ** failures));
    clearTimeout(this.#timers.get(conversationId));
    const timer = setTimeout(() => {
      this.#timers.delete(conversationId);
      void this.#deliver(conversationId);
    }, delay);
    this.#timers.set(conversationId, timer);
  }
}

/** True where the same message may be taken later, without anybody changing it. */
function mayPass(error: ApiError): boolean {
  // Signed out: it goes when the writer is back. A reply under way: when it is over.
  return error.status === 0 || error.status === 401 || error.retryable || error.code === 'reply-running';
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const timedOut = isAbortError(error) || (error instanceof Error && error.name === 'TimeoutError');
  return new ApiError({
    code: 'unreachable',
    message: timedOut ? 'Everwith took too long to answer.' : 'Everwith does not answer. Is it running?',
    status: 0,
    retryable: true,
    cause: error,
  });
}
