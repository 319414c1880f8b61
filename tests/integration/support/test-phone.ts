import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenCall } from '../../../src/features/calls/open-call.ts';
import { fromTones, toTones } from '../../../src/models/scripted/spoken-tones.ts';
import type { CallEvent } from '../../../src/voice/call-events.ts';
import type { CallAttachment } from '../../../src/voice/call-handle.ts';

/** Sound that a microphone gives at a time. */
const FRAME_MS = 20;
const HEARING_RATE = 16_000;
const SPEAKING_RATE = 24_000;
/** Milliseconds that a test waits for something of a call: far above what a busy machine needs. */
const PATIENCE_MS = 25_000;

type EventOf<T extends CallEvent['type']> = Extract<CallEvent, { type: T }>;

/**
 * Somebody with a telephone, in real time: a microphone that is silent or says words as tones, a loudspeaker that tells
 * what has sounded, and a memory of everything that happened.
 */
export class TestPhone implements Disposable {
  readonly events: CallEvent[] = [];
  readonly #open: OpenCall;
  readonly #patienceInMs: number;
  readonly #attachment: CallAttachment;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Set<() => void>();
  #microphone: Float32Array[] = [];
  #sounds = new Map<string, { samples: Int16Array[]; sentInMs: number; playedInMs: number }>();
  #playing: string | null = null;
  #lastTick = performance.now();
  #owedInMs = 0;
  #lost = false;

  constructor(open: OpenCall, { patienceInMs = PATIENCE_MS }: { patienceInMs?: number } = {}) {
    this.#open = open;
    this.#patienceInMs = patienceInMs;
    this.#attachment = open.call.attach();
    void this.#listen();
    this.#timer = setInterval(() => this.#tick(), FRAME_MS);
  }

  /** Says words; they are heard as fast as words are. */
  say(text: string): void {
    this.hear(toTones(text, { sampleRate: HEARING_RATE, speed: 1 }));
  }

  /** Gives sound to the microphone, mono 16 kHz. */
  hear(samples: Float32Array): void {
    const size = (HEARING_RATE * FRAME_MS) / 1000;
    for (let at = 0; at < samples.length; at += size) {
      const frame = new Float32Array(size);
      frame.set(samples.subarray(at, at + size));
      this.#microphone.push(frame);
    }
  }

  /** The first event of a type that passes, now or later, after the first `skip` of all events. */
  async event<T extends CallEvent['type']>(
    type: T,
    { test = () => true, after = 0 }: { test?: (event: EventOf<T>) => boolean; after?: number } = {},
  ): Promise<EventOf<T>> {
    const isIt = (event: CallEvent): event is EventOf<T> => event.type === type && test(event as EventOf<T>);
    const until = performance.now() + this.#patienceInMs;
    for (;;) {
      const found = this.events.slice(after).find(isIt);
      if (found) return found;
      const left = until - performance.now();
      if (left <= 0) {
        const seen = this.events.filter((event) => event.type !== 'audio').map((event) => JSON.stringify(event));
        throw new Error(`No “${type}” came. Events:\n${seen.join('\n')}`);
      }
      const stop = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => this.#waiting.add(resolve)),
        sleep(left, undefined, { signal: stop.signal }).catch(() => undefined),
      ]);
      stop.abort();
    }
  }

  /** What has sounded of a reply, as words. */
  heard(replyId: string): string {
    return fromTones(this.soundOf(replyId), SPEAKING_RATE);
  }

  /** What has sounded of a reply, mono 24 kHz. */
  soundOf(replyId: string): Float32Array {
    const sound = this.#sounds.get(replyId);
    if (!sound) return new Float32Array(0);
    const samples = Float32Array.from(sound.samples.flatMap((chunk) => [...chunk].map((sample) => sample / 32_768)));
    return samples.subarray(0, Math.floor((sound.playedInMs * SPEAKING_RATE) / 1000));
  }

  /** The network is gone. */
  lose(): void {
    this.#lost = true;
    clearInterval(this.#timer);
    this.#attachment.detach();
  }

  [Symbol.dispose](): void {
    if (!this.#lost) this.lose();
  }

  async #listen(): Promise<void> {
    for await (const event of this.#attachment.events) {
      if (this.#lost) continue;
      this.events.push(event);
      if (event.type === 'audio') this.#receive(event);
      if (event.type === 'reply-end' && event.state === 'done') this.#playOut(event.replyId);
      // As a socket does that closes: it is another's call now.
      if (event.type === 'taken-over') clearInterval(this.#timer);
      if (event.type === 'flush' && this.#playing === event.replyId) {
        const sound = this.#sounds.get(event.replyId);
        this.#playing = null;
        if (sound) this.#open.call.played({ replyId: event.replyId, positionInMs: sound.playedInMs });
      }
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }

  #receive({ replyId, samples }: EventOf<'audio'>): void {
    const sound = this.#sounds.get(replyId) ?? { samples: [], sentInMs: 0, playedInMs: 0 };
    this.#sounds.set(replyId, sound);
    sound.samples.push(samples);
    sound.sentInMs += (samples.length * 1000) / SPEAKING_RATE;
    this.#playing = replyId;
  }

  /** The house lets the next reply begin some milliseconds before this one has sounded; it is played to its end. */
  #playOut(replyId: string): void {
    const sound = this.#sounds.get(replyId);
    if (sound) sound.playedInMs = sound.sentInMs;
  }

  #tick(): void {
    const now = performance.now();
    const passed = now - this.#lastTick;
    this.#lastTick = now;
    // A timer that is late must not stretch what is said.
    for (this.#owedInMs += passed; this.#owedInMs >= FRAME_MS; this.#owedInMs -= FRAME_MS) {
      this.#open.call.hear(this.#microphone.shift() ?? new Float32Array((HEARING_RATE * FRAME_MS) / 1000));
    }
    const replyId = this.#playing;
    const sound = replyId === null ? undefined : this.#sounds.get(replyId);
    if (replyId === null || !sound) return;
    sound.playedInMs = Math.min(sound.sentInMs, sound.playedInMs + passed);
    this.#open.call.played({ replyId, positionInMs: sound.playedInMs });
  }
}
