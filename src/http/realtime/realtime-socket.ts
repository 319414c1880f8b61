import type { WebSocket } from 'ws';
import type { RealtimeServerEvent } from '../../../contract/realtime-server-events.ts';
import { REALTIME_CLOSE_CODES } from '../../../contract/realtime.ts';

/** Bytes that may wait for a slow reader: a minute and a half of audio in base64. */
const MAX_BUFFERED_BYTES = 6 * 1024 * 1024;
/** Below the idle time-outs of common proxies (30 to 60 s). A client that missed two is gone. */
const PING_EVERY_MS = 15_000;
/** After a closing handshake began, this long until the connection is cut. */
const CUT_AFTER_MS = 1000;

type WithoutId<Event> = Event extends unknown ? Omit<Event, 'event_id'> : never;
export type RealtimeEventBody = WithoutId<RealtimeServerEvent>;

export interface RealtimeSocketOptions {
  maxBufferedBytes?: number;
  pingEveryMs?: number;
}

/** The sending half of a WebSocket: events with ids, bounded, watched by pings, closed once with a reason. */
export class RealtimeSocket {
  readonly #socket: WebSocket;
  readonly #maxBufferedBytes: number;
  readonly #heartbeat: NodeJS.Timeout;
  #eventCount = 0;
  #unanswered = 0;
  #closing = false;

  constructor(socket: WebSocket, options: RealtimeSocketOptions = {}) {
    this.#socket = socket;
    this.#maxBufferedBytes = options.maxBufferedBytes ?? MAX_BUFFERED_BYTES;
    this.#heartbeat = setInterval(() => this.#ping(), options.pingEveryMs ?? PING_EVERY_MS);
    socket.on('pong', () => (this.#unanswered = 0));
    socket.once('close', () => clearInterval(this.#heartbeat));
  }

  get isOpen(): boolean {
    return !this.#closing && this.#socket.readyState === this.#socket.OPEN;
  }

  send(event: RealtimeEventBody): void {
    if (!this.isOpen) return;
    this.#eventCount += 1;
    this.#write(JSON.stringify({ event_id: `event_${this.#eventCount}`, ...event }));
  }

  sendBinary(bytes: Uint8Array): void {
    if (this.isOpen) this.#write(bytes);
  }

  /** What was sent before still arrives, unless the reader takes longer than a second. `reason`: at most 123 bytes. */
  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#socket.close(code, reason);
    const cut = setTimeout(() => this.#socket.terminate(), CUT_AFTER_MS);
    this.#socket.once('close', () => clearTimeout(cut));
  }

  #write(data: string | Uint8Array): void {
    this.#socket.send(data);
    if (this.#socket.bufferedAmount <= this.#maxBufferedBytes) return;
    this.close(REALTIME_CLOSE_CODES.slowReader, 'What was sent is not read.');
  }

  #ping(): void {
    this.#unanswered += 1;
    if (this.#unanswered > 2) this.#socket.terminate();
    else if (this.isOpen) this.#socket.ping();
  }
}
