import type { RealtimeClientEvent } from '../../contract/realtime-client-events.ts';
import { realtimeServerEventSchema, type RealtimeServerEvent } from '../../contract/realtime-server-events.ts';
import {
  REALTIME_CLOSE_CODES,
  REALTIME_KEY_SUBPROTOCOL,
  REALTIME_SUBPROTOCOL,
  type RealtimeInputRate,
} from '../../contract/realtime.ts';
import { decodeAudioFrame, encodeAudioFrame } from './binary-frame.ts';

/** Before the first, second, … attempt to come back; then the last again. */
const WAITS_IN_MS = [0, 250, 500, 1_000, 2_000, 4_000] as const;
/** A socket that says nothing for so long while it opens is given up. */
const OPEN_LIMIT_IN_MS = 8_000;
/** A call that could not be come back to for so long is given up. */
const COMEBACK_LIMIT_IN_MS = 30_000;
/** More than this waiting to be sent means that the network carries nothing: newer sound is worth more than older. */
const MAX_BUFFERED_BYTES = 256_000;
/** An application's own code: the call waits. */
const LEFT_CODE = 4900;

/** Codes after which the house would only refuse again, and what they mean to the person. */
const FINAL_CODES: Readonly<Record<number, CallCloseReason>> = {
  [REALTIME_CLOSE_CODES.ended]: 'ended',
  [REALTIME_CLOSE_CODES.refused]: 'refused',
  [REALTIME_CLOSE_CODES.takenOver]: 'taken-over',
  [REALTIME_CLOSE_CODES.signedOut]: 'signed-out',
  [REALTIME_CLOSE_CODES.flood]: 'refused',
  [REALTIME_CLOSE_CODES.nonsense]: 'refused',
  [REALTIME_CLOSE_CODES.tooLarge]: 'refused',
};

/**
 * How the way to the house is.
 *   connecting    no call has begun yet
 *   open          the call was there and its settings were sent
 *   reconnecting  it was; it waits in the house
 *   closed        for good, for a reason
 */
export type CallConnectionState = 'connecting' | 'open' | 'reconnecting' | 'closed';
export type CallCloseReason = 'ended' | 'refused' | 'taken-over' | 'signed-out' | 'unreachable';

/** What is used of a `WebSocket`. */
export interface CallSocket {
  binaryType: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}

export interface CallConnectionOptions {
  /** `wss://host/v1/realtime`. */
  address: string;
  target: { model: string } | { conversation: string };
  /** A call to go on with, from before the page was loaded again. */
  callId?: string | null;
  greet?: boolean;
  /** An API key; absent where a cookie counts. */
  key?: string;
  /** Of the microphone. */
  inputRate: RealtimeInputRate;
  createSocket: (address: string, protocols: string[]) => CallSocket;
  /** Milliseconds that never go back, and a timer that can be taken back. */
  clock: { now(): number; after(delayInMs: number, run: () => void): () => void };
  comebackLimitInMs?: number;
  /** Everything but sound. */
  onEvent: (event: RealtimeServerEvent) => void;
  onAudio: (piece: { itemId: string; samples: Int16Array; positionInMs: number }) => void;
  onState: (state: CallConnectionState, detail: { attempts: number; reason: CallCloseReason | null }) => void;
  /** The call to come back to; null when there is none any more. */
  onCall?: (callId: string | null) => void;
}

/** The way to the house during a call: sound in binary frames, and back in the same call after a cut. */
export class CallConnection {
  readonly #options: CallConnectionOptions;
  readonly #itemsByIndex = new Map<number, string>();
  #socket: CallSocket | null = null;
  #isOpen = false;
  #isClosed = false;
  #callId: string | null;
  #attempts = 0;
  #lastOpenAt: number;
  /** Samples of the microphone in this connection. */
  #sent = 0;
  #cancelRetry: (() => void) | null = null;
  #cancelOpenLimit: (() => void) | null = null;

  constructor(options: CallConnectionOptions) {
    this.#options = options;
    this.#callId = options.callId ?? null;
    this.#lastOpenAt = options.clock.now();
  }

  /** Begins; the first word comes by `onState`. */
  connect(): void {
    this.#cancelRetry?.();
    const { createSocket, key, clock } = this.#options;
    this.#tell(this.#attempts === 0 || this.#callId === null ? 'connecting' : 'reconnecting');
    this.#attempts += 1;
    const protocols = [REALTIME_SUBPROTOCOL, ...(key === undefined ? [] : [`${REALTIME_KEY_SUBPROTOCOL}${key}`])];
    const socket = createSocket(this.#address(), protocols);
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket) this.#receive(data);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket === socket) this.#lose(code);
    });
    this.#socket = socket;
    this.#cancelOpenLimit = clock.after(OPEN_LIMIT_IN_MS, () => {
      socket.close();
      this.#lose(0);
    });
  }

  /** Dropped while the way is not open. */
  send(event: RealtimeClientEvent): void {
    if (this.#isOpen) this.#socket?.send(JSON.stringify(event));
  }

  /** Mono PCM16 at the agreed rate. Dropped while the network carries nothing. */
  sendAudio(samples: Int16Array): void {
    const socket = this.#socket;
    if (!this.#isOpen || !socket || socket.bufferedAmount > MAX_BUFFERED_BYTES) return;
    socket.send(encodeAudioFrame({ kind: 'microphone', index: 0, position: this.#sent, samples }));
    this.#sent += samples.length;
  }

  /** No reason to wait for the next attempt: back online, back on the page. */
  wake(): void {
    if (this.#socket === null && !this.#isClosed) this.connect();
  }

  /** Goes without a word; the call waits in the house. To hang up, send `everwith.call.end` before. */
  leave(): void {
    this.#stop();
  }

  #address(): string {
    const { address, target, greet = false } = this.#options;
    const url = new URL(address);
    if (this.#callId !== null) url.searchParams.set('call', this.#callId);
    else for (const [name, value] of Object.entries(target)) url.searchParams.set(name, value);
    if (this.#callId === null && greet) url.searchParams.set('greet', 'true');
    url.searchParams.set('playback', 'reported');
    url.searchParams.set('frames', 'binary');
    return url.href;
  }

  #receive(data: unknown): void {
    if (data instanceof ArrayBuffer) return this.#receiveAudio(new Uint8Array(data));
    const event = readEvent(data);
    if (event === null) return;
    if (event.type === 'everwith.audio.started') this.#itemsByIndex.set(event.audio_index, event.item_id);
    if (event.type === 'session.created') this.#begin(event.session.everwith.call_id);
    if (event.type === 'everwith.call.ended') this.#forgetCall();
    this.#options.onEvent(event);
  }

  #receiveAudio(bytes: Uint8Array): void {
    const frame = decodeAudioFrame(bytes);
    if ('fault' in frame || frame.kind !== 'reply') return;
    const itemId = this.#itemsByIndex.get(frame.index);
    if (itemId === undefined) return;
    this.#options.onAudio({ itemId, samples: frame.samples, positionInMs: frame.position / 24 });
  }

  /** The house's ears are told the rate before they hear anything. */
  #begin(callId: string): void {
    const { inputRate, clock, onCall } = this.#options;
    this.#cancelOpenLimit?.();
    this.#callId = callId;
    this.#isOpen = true;
    this.#attempts = 1;
    this.#sent = 0;
    this.#itemsByIndex.clear();
    this.#lastOpenAt = clock.now();
    onCall?.(callId);
    const format = { type: 'audio/pcm', rate: inputRate };
    this.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { format } } } });
    this.#tell('open');
  }

  #lose(code: number): void {
    const { clock, comebackLimitInMs = COMEBACK_LIMIT_IN_MS } = this.#options;
    if (this.#isOpen) this.#lastOpenAt = clock.now();
    this.#drop();
    const reason = FINAL_CODES[code];
    if (code === REALTIME_CLOSE_CODES.refused && this.#callId !== null) {
      // The call of before is gone: a new one begins.
      this.#forgetCall();
      return this.connect();
    }
    if (reason !== undefined) return this.#finish(reason);
    const wait = WAITS_IN_MS[Math.min(this.#attempts - 1, WAITS_IN_MS.length - 1)] ?? 0;
    if (clock.now() + wait - this.#lastOpenAt > comebackLimitInMs) return this.#finish('unreachable');
    this.#tell(this.#callId === null ? 'connecting' : 'reconnecting');
    this.#cancelRetry = clock.after(wait, () => this.connect());
  }

  #finish(reason: CallCloseReason): void {
    this.#stop();
    if (reason !== 'unreachable') this.#forgetCall();
    this.#tell('closed', reason);
  }

  #stop(): void {
    const socket = this.#socket;
    this.#isClosed = true;
    this.#drop();
    this.#cancelRetry?.();
    socket?.close(LEFT_CODE);
  }

  #drop(): void {
    this.#socket = null;
    this.#isOpen = false;
    this.#cancelOpenLimit?.();
  }

  #forgetCall(): void {
    this.#callId = null;
    this.#options.onCall?.(null);
  }

  #tell(state: CallConnectionState, reason: CallCloseReason | null = null): void {
    this.#options.onState(state, { attempts: this.#attempts, reason });
  }
}

/** An event of a newer house, or none at all, is passed over. */
function readEvent(data: unknown): RealtimeServerEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = realtimeServerEventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
