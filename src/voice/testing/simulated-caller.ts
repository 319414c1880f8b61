import type { CallEvent } from '../call-events.ts';
import type { Call, CallAttachment } from '../call-handle.ts';
import { SPEAKING_SAMPLE_RATE } from '../voice-ports.ts';
import type { TestClock } from './virtual-clock.ts';

const FRAME_MS = 20;
const HEARING_RATE = 16_000;
const FRAME_SAMPLES = (HEARING_RATE * FRAME_MS) / 1000;
const ACKNOWLEDGE_EVERY_MS = 100;

export interface CallerOptions {
  /** Milliseconds from the server to the device and back to its report. */
  networkInMs?: number;
  /** Sound kept in hand before playing, milliseconds. */
  jitterInMs?: number;
  /** Loudspeaker to microphone: gain and delay; absent = headphones. */
  echo?: { gain: number; delayInMs: number };
  /** A client that plays and says nothing of it. */
  silentAboutPlayback?: boolean;
}

export interface TimedEvent {
  at: number;
  event: CallEvent;
}

/** A device with a microphone and a loudspeaker on a virtual clock: it plays, acknowledges, ducks, and hears itself. */
export class SimulatedCaller {
  readonly events: TimedEvent[] = [];
  /** What came out of the loudspeaker: when, of which reply, up to which position. */
  readonly sounded: { at: number; replyId: string; positionInMs: number }[] = [];
  underruns = 0;
  readonly clock: TestClock;
  readonly #options: CallerOptions;
  #call: Call;
  #attachment: CallAttachment | undefined;
  #speech: { from: number; samples: Float32Array }[] = [];
  #queue: { replyId: string; samples: Float32Array; positionInMs: number }[] = [];
  #playing: { replyId: string; positionInMs: number } | undefined;
  #startAt = Infinity;
  #complete = new Set<string>();
  #loudspeaker: Float32Array[] = [];
  #acknowledgedAt = 0;
  #muted = false;

  constructor(call: Call, clock: TestClock, options: CallerOptions = {}) {
    this.#call = call;
    this.clock = clock;
    this.#options = options;
    this.connect();
  }

  connect(): void {
    const attachment = this.#call.attach();
    this.#attachment = attachment;
    void (async () => {
      for await (const event of attachment.events) {
        this.events.push({ at: this.clock.now(), event });
        if (this.#options.networkInMs) this.clock.after(this.#options.networkInMs, () => this.#receive(event));
        else this.#receive(event);
      }
    })();
  }

  /** The network is cut: what was not played stays unplayed. */
  disconnect(): void {
    this.#attachment?.detach();
    this.#attachment = undefined;
    this.#queue = [];
  }

  /** Says this from now on, or after a while. Milliseconds. */
  speak(samples: Float32Array, inMs = 0): void {
    this.#speech.push({ from: this.clock.now() + inMs, samples });
  }

  mute(muted: boolean): void {
    this.#muted = muted;
  }

  /** The first event of a type after a time. */
  find<T extends CallEvent['type']>(
    type: T,
    after = 0,
  ): { at: number; event: Extract<CallEvent, { type: T }> } | undefined {
    return this.events.find(({ at, event }) => event.type === type && at >= after) as never;
  }

  count(type: CallEvent['type']): number {
    return this.events.filter(({ event }) => event.type === type).length;
  }

  /** When the loudspeaker first sounded after a time. */
  firstSoundAfter(at: number): number | undefined {
    return this.sounded.find((one) => one.at >= at)?.at;
  }

  async run(durationInMs: number, until?: () => boolean): Promise<boolean> {
    const end = this.clock.now() + durationInMs;
    while (this.clock.now() < end) {
      this.#play();
      if (!this.#muted && this.#attachment) this.#call.hear(this.#microphone());
      this.#acknowledge();
      await this.clock.advance(FRAME_MS);
      if (until?.()) return true;
    }
    return until === undefined;
  }

  #receive(event: CallEvent): void {
    if (!this.#attachment) return;
    switch (event.type) {
      case 'audio': {
        const samples = Float32Array.from(event.samples, (sample) => sample / 0x8000);
        if (this.#queue.length === 0) this.#startAt = this.clock.now() + (this.#options.jitterInMs ?? 0);
        this.#queue.push({ replyId: event.replyId, samples, positionInMs: event.positionInMs });
        break;
      }
      case 'reply-sent':
        this.#complete.add(event.replyId);
        break;
      case 'flush': {
        this.#queue = this.#queue.filter(({ replyId }) => replyId !== event.replyId);
        const stopped = this.#playing?.replyId === event.replyId ? this.#playing.positionInMs : 0;
        if (!this.#options.silentAboutPlayback) this.#call.truncate({ replyId: event.replyId, positionInMs: stopped });
        break;
      }
      default:
    }
  }

  #play(): void {
    const wanted = (SPEAKING_SAMPLE_RATE * FRAME_MS) / 1000;
    const out = new Float32Array(FRAME_SAMPLES);
    let taken = 0;
    while (this.clock.now() >= this.#startAt && taken < wanted) {
      const piece = this.#queue[0];
      if (!piece) break;
      const part = piece.samples.subarray(0, wanted - taken);
      for (let index = 0; index < FRAME_SAMPLES; index += 1) {
        const at = Math.floor((index * wanted) / FRAME_SAMPLES) - taken;
        if (at >= 0 && at < part.length) out[index] = part[at] ?? 0;
      }
      taken += part.length;
      const positionInMs = piece.positionInMs + (part.length * 1000) / SPEAKING_SAMPLE_RATE;
      this.#playing = { replyId: piece.replyId, positionInMs };
      if (part.length === piece.samples.length) this.#queue.shift();
      else Object.assign(piece, { samples: piece.samples.subarray(part.length), positionInMs });
    }
    if (taken > 0 && this.#playing) this.sounded.push({ at: this.clock.now(), ...this.#playing });
    if (taken > 0 && taken < wanted && this.#playing && !this.#complete.has(this.#playing.replyId)) this.underruns += 1;
    this.#loudspeaker.push(out);
  }

  #microphone(): Float32Array {
    const out = new Float32Array(FRAME_SAMPLES);
    const now = this.clock.now();
    for (const { from, samples } of this.#speech) {
      const start = Math.round(((now - from) * HEARING_RATE) / 1000);
      for (let index = 0; index < FRAME_SAMPLES; index += 1)
        out[index] = (out[index] ?? 0) + (samples[start + index] ?? 0);
    }
    this.#speech = this.#speech.filter(({ from, samples }) => from + (samples.length * 1000) / HEARING_RATE > now);
    const { echo } = this.#options;
    if (echo) {
      const back = this.#loudspeaker.length - 1 - Math.round(echo.delayInMs / FRAME_MS);
      const echoed = this.#loudspeaker[back];
      if (echoed)
        for (let index = 0; index < FRAME_SAMPLES; index += 1)
          out[index] = (out[index] ?? 0) + (echoed[index] ?? 0) * echo.gain;
    }
    return out;
  }

  #acknowledge(): void {
    if (this.#options.silentAboutPlayback || !this.#attachment || !this.#playing) return;
    if (this.clock.now() - this.#acknowledgedAt < ACKNOWLEDGE_EVERY_MS) return;
    this.#acknowledgedAt = this.clock.now();
    const position = { ...this.#playing };
    if (this.#options.networkInMs) this.clock.after(this.#options.networkInMs, () => this.#call.played(position));
    else this.#call.played(position);
  }
}
