import { REALTIME_CLOSE_CODES, REALTIME_SUBPROTOCOL } from '../../../contract/realtime.ts';
import type { RealtimeClientEvent } from '../../../contract/realtime-client-events.ts';
import { realtimeServerEventSchema } from '../../../contract/realtime-server-events.ts';
import type { RealtimeServerEvent } from '../../../contract/realtime-server-events.ts';
import { decodePcm, encodePcm } from './audio/pcm-base64.ts';
import { CAPTURE_SAMPLE_RATE } from './audio/worklet-messages.ts';
import type { CallLink, CallLinkEvents } from './call-link.ts';

/** Before the first, second, … attempt to come back; then the last again. */
const WAITS_IN_MS = [0, 250, 500, 1_000, 2_000, 4_000] as const;
/** After so many in vain at the beginning the person is told. */
const ATTEMPTS_IN_SILENCE = 3;
/** A socket that says nothing for so long while it opens is given up. */
const OPEN_LIMIT_IN_MS = 8_000;
/** More than this waiting to be sent means that the network carries nothing: newer sound is worth more than older. */
const MAX_BUFFERED_BYTES = 256_000;

/** Codes after which the house would only refuse again, and what they mean to the person. */
const FINAL_CODES: Readonly<Record<number, string>> = {
  [REALTIME_CLOSE_CODES.ended]: 'hung-up',
  [REALTIME_CLOSE_CODES.refused]: 'refused',
  [REALTIME_CLOSE_CODES.takenOver]: 'taken-over',
  [REALTIME_CLOSE_CODES.signedOut]: 'signed-out',
};

export interface CallLinkOptions {
  conversationId: string;
  events: CallLinkEvents;
}

/** Opens the way to the house and keeps it open: a call that was cut off goes on where it was. */
export function openCallLink(options: CallLinkOptions): CallLink {
  return new ReconnectingLink(options);
}

class ReconnectingLink implements CallLink {
  readonly #options: CallLinkOptions;
  readonly #storageKey: string;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  #isClosed = false;
  /** The call to go on with: of this page, or of the page before it was loaded again. */
  #callId: string | null;

  constructor(options: CallLinkOptions) {
    this.#options = options;
    this.#storageKey = `everwith.call.${options.conversationId}`;
    this.#callId = sessionStorage.getItem(this.#storageKey);
    this.#connect();
  }

  send(event: RealtimeClientEvent): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(event));
  }

  sendAudio(samples: Int16Array): void {
    if (this.#socket !== null && this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) return;
    this.send({ type: 'input_audio_buffer.append', audio: encodePcm(samples) });
  }

  wake(): void {
    if (this.#socket === null && !this.#isClosed) this.#connect();
  }

  /** Without a word to the house: the call waits for us there. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#options.events.onLink(this.#attempts === 0 ? 'connecting' : 'reconnecting');
    this.#attempts += 1;
    const socket = new WebSocket(this.#address(), REALTIME_SUBPROTOCOL);
    const limit = setTimeout(() => socket.close(), OPEN_LIMIT_IN_MS);
    this.#socket = socket;
    socket.addEventListener('open', () => clearTimeout(limit));
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => this.#onMessage(data));
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(limit);
      if (this.#socket === socket) this.#onClose(code);
    });
  }

  #address(): string {
    const address = new URL('/v1/realtime', location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    if (this.#callId === null) {
      address.searchParams.set('conversation', this.#options.conversationId);
      address.searchParams.set('greet', 'true');
    } else address.searchParams.set('call', this.#callId);
    address.searchParams.set('playback', 'reported');
    return address.href;
  }

  #onMessage(data: unknown): void {
    const event = readEvent(data);
    if (event === null) return;
    if (event.type === 'session.created') this.#onSession(event.session.everwith.call_id);
    if (event.type === 'everwith.call.ended') sessionStorage.removeItem(this.#storageKey);
    if (event.type === 'response.output_audio.delta') {
      const { item_id: itemId, everwith } = event;
      this.#options.events.onAudio({ itemId, samples: decodePcm(event.delta), positionInMs: everwith.position_ms });
    } else this.#options.events.onEvent(event);
  }

  /** The house's ears are told the rate before they hear anything. */
  #onSession(callId: string): void {
    this.#callId = callId;
    sessionStorage.setItem(this.#storageKey, callId);
    this.#attempts = 1;
    const format = { type: 'audio/pcm', rate: CAPTURE_SAMPLE_RATE };
    this.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { format } } } });
    this.#options.events.onLink('open');
  }

  #onClose(code: number): void {
    this.#socket = null;
    if (this.#isClosed) return;
    const reason = FINAL_CODES[code];
    if (reason === 'refused' && this.#callId !== null) {
      // The call of before is over: a new one begins.
      this.#callId = null;
      sessionStorage.removeItem(this.#storageKey);
      this.#connect();
      return;
    }
    if (reason !== undefined) {
      this.#isClosed = true;
      sessionStorage.removeItem(this.#storageKey);
      this.#options.events.onLink('closed', reason);
      return;
    }
    if (this.#callId !== null) this.#options.events.onLink('reconnecting');
    else this.#options.events.onLink('connecting', this.#attempts > ATTEMPTS_IN_SILENCE ? 'unreachable' : undefined);
    const wait = WAITS_IN_MS[Math.min(this.#attempts - 1, WAITS_IN_MS.length - 1)] ?? 0;
    this.#timer = setTimeout(() => this.#connect(), wait);
  }
}

/** An event of a newer house, or none at all: passed over. */
function readEvent(data: unknown): RealtimeServerEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const parsed = realtimeServerEventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
