import type { TurnProfile } from '../../../contract/voice.ts';
import type { CallEndReason, CallEvent } from '../../voice/call-events.ts';
import type { Call, CallAttachment, KeptWords } from '../../voice/call-handle.ts';
import type { CallClock } from '../../voice/voice-ports.ts';

/** Milliseconds that a call waits for somebody to come back to it. */
export const AWAY_LIMIT_MS = 5 * 60_000;

export interface TrackedCallOptions {
  inner: Call;
  clock: CallClock;
  awayLimitInMs: number;
  /** Told to whoever attaches first. */
  notices: readonly CallEvent[];
  /** The call is over; `durationInMs`: somebody was attached so long. Once. */
  onEnd: (end: { reason: CallEndReason; durationInMs: number }) => Promise<void>;
}

/**
 * A call with a watch on it: how long somebody was there, and an end when nobody comes back.
 *   attached ⇄ away → ended (hung up, away too long, the house closes)
 */
export class TrackedCall implements Call {
  readonly #options: TrackedCallOptions;
  #attachment: CallAttachment | null = null;
  #attachedAt: number | null = null;
  #durationInMs = 0;
  #cancelEnd: (() => void) | undefined;
  #notices: readonly CallEvent[];
  #ending: Promise<void> | undefined;

  constructor(options: TrackedCallOptions) {
    this.#options = options;
    this.#notices = options.notices;
    this.#leave();
  }

  get state(): Call['state'] {
    return this.#options.inner.state;
  }

  /** Milliseconds that somebody was attached until now. */
  get durationInMs(): number {
    const since = this.#attachedAt === null ? 0 : this.#options.clock.now() - this.#attachedAt;
    return Math.round(this.#durationInMs + since);
  }

  attach(): CallAttachment {
    this.#cancelEnd?.();
    this.#attachedAt ??= this.#options.clock.now();
    const inner = this.#options.inner.attach();
    const notices = this.#notices;
    this.#notices = [];
    const attachment: CallAttachment = {
      events: this.#watch(inner.events, notices),
      detach: () => {
        inner.detach();
        if (this.#attachment === attachment) this.#leave();
      },
    };
    this.#attachment = attachment;
    return attachment;
  }

  async *#watch(events: AsyncIterable<CallEvent>, notices: readonly CallEvent[]): AsyncGenerator<CallEvent> {
    yield* notices;
    for await (const event of events) {
      if (event.type === 'call-end') void this.end(event.reason);
      yield event;
    }
  }

  #leave(): void {
    this.#durationInMs = this.durationInMs;
    this.#attachedAt = null;
    this.#attachment = null;
    this.#cancelEnd?.();
    if (this.#ending) return;
    this.#cancelEnd = this.#options.clock.after(this.#options.awayLimitInMs, () => void this.end('away-too-long'));
  }

  end(reason: CallEndReason): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: CallEndReason): Promise<void> {
    this.#cancelEnd?.();
    const { durationInMs } = this;
    try {
      await this.#options.inner.end(reason);
    } finally {
      await this.#options.onEnd({ reason, durationInMs });
    }
  }

  hear(samples: Float32Array): void {
    this.#options.inner.hear(samples);
  }

  played(position: { replyId: string; positionInMs: number }): void {
    this.#options.inner.played(position);
  }

  truncate(position: { replyId: string; positionInMs: number }): void {
    this.#options.inner.truncate(position);
  }

  interrupt(): void {
    this.#options.inner.interrupt();
  }

  type(text: string): void {
    this.#options.inner.type(text);
  }

  press(): void {
    this.#options.inner.press();
  }

  release(): void {
    this.#options.inner.release();
  }

  endTurn(): void {
    this.#options.inner.endTurn();
  }

  clearTurn(): void {
    this.#options.inner.clearTurn();
  }

  say(words: KeptWords): void {
    this.#options.inner.say(words);
  }

  setProfile(profile: TurnProfile): void {
    this.#options.inner.setProfile(profile);
  }
}
