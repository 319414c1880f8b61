import {
  isJSONRPCRequest,
  type JSONRPCMessage,
  type Transport,
  type TransportSendOptions,
} from '@modelcontextprotocol/client';
import type { RefusedRequest } from '../../../contract/tool-parts.ts';
import type { Clock } from '../../base/clock.ts';
import { UnavailableError } from '../../base/errors.ts';
import { plainText } from './read-tools.ts';

/** Messages in one window; a call that tells its progress ten times a second sends a twentieth of it. */
const MOST_MESSAGES = 2000;
const WINDOW_MS = 10_000;
/** UTF-16 units of what a server asked that are shown. */
const MOST_ASKED = 2000;

const REFUSED: Readonly<Record<string, RefusedRequest['kind']>> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};

/**
 * Looks at what a server sends before the client does: one that floods is cut off, and what it asks of the person or of
 * the house is noted. The client refuses all of it, for it offers none of these capabilities.
 */
export class WatchedTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  readonly #inner: Transport;
  readonly #clock: Clock;
  readonly #onRefused: (refused: RefusedRequest) => void;
  readonly #cutOff: () => Promise<void>;
  #windowStart = 0;
  #count = 0;
  #flooded = false;

  constructor(
    inner: Transport & { cutOff?: () => Promise<void> },
    { clock, onRefused }: { clock: Clock; onRefused: (refused: RefusedRequest) => void },
  ) {
    this.#inner = inner;
    this.#clock = clock;
    this.#onRefused = onRefused;
    this.#cutOff = () => (inner.cutOff ? inner.cutOff() : inner.close());
  }

  /** True once it was cut off for sending too much. */
  get flooded(): boolean {
    return this.#flooded;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion?.(version);
  }

  async start(): Promise<void> {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transport is no event target
    this.#inner.onclose = () => this.onclose?.();
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transport is no event target
    this.#inner.onerror = (error) => {
      if (error instanceof UnavailableError && error.code === 'tool-server-floods') this.#flooded = true;
      this.onerror?.(error);
    };
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the SDK's transport is no event target
    this.#inner.onmessage = (message, extra) => {
      if (this.#isTooMuch()) return;
      this.#note(message);
      this.onmessage?.(message, extra);
    };
    await this.#inner.start();
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    return this.#inner.send(message, options);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #isTooMuch(): boolean {
    if (this.#flooded) return true;
    const now = this.#clock.monotonic();
    if (now - this.#windowStart > WINDOW_MS) {
      this.#windowStart = now;
      this.#count = 0;
    }
    this.#count += 1;
    if (this.#count <= MOST_MESSAGES) return false;
    this.#flooded = true;
    this.onerror?.(new UnavailableError('The server of the tools floods.', { code: 'tool-server-floods' }));
    void this.#cutOff().catch(() => undefined);
    return true;
  }

  #note(message: JSONRPCMessage): void {
    if (!isJSONRPCRequest(message)) return;
    const kind = REFUSED[message.method];
    if (kind !== undefined) this.#onRefused({ kind, text: wordsOf(message.params) });
  }
}

/** What a server asks for in its own words, else all it sent. */
function wordsOf(params: unknown): string {
  const asked = (params ?? {}) as { message?: unknown; messages?: unknown };
  const said = typeof asked.message === 'string' ? asked.message : JSON.stringify(asked.messages ?? params ?? {});
  return plainText(said).slice(0, MOST_ASKED).toWellFormed();
}
