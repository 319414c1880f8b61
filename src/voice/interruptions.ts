import type { CallEvent } from './call-events.ts';
import type { HeardFrame } from './ear.ts';
import { LevelModel } from './level-model.ts';
import { Overlap, type OverlapVerdict } from './overlap.ts';
import type { SpokenReply } from './spoken-reply.ts';
import type { CallClock, Listener } from './voice-ports.ts';

/** After a reply its echo may still come out of the room, milliseconds. */
const ECHO_TAIL_MS = 800;
/** Words this far back may still come out of it, milliseconds. */
const ECHO_WORDS_MS = 2400;
/** Echo cancellation converges in the first seconds of sound, milliseconds. */
const CONVERGED_AFTER_MS = 3000;
/** After an echo was heard, more is likely, milliseconds. */
const WARY_AFTER_ECHO_MS = 5000;

export interface InterruptionsOptions {
  clock: CallClock;
  listener: Listener;
  language: string;
  newId: () => string;
  emit: (event: CallEvent) => void;
  /** A stretch of speech was judged, whatever it was. */
  onVerdict: () => void;
  /** Somebody really speaks: stop, and listen from these frames on. */
  onInterrupt: (turnId: string, frames: readonly HeardFrame[]) => void;
}

/** Judges whoever is heard while a reply sounds, and remembers what judging needs: how loud, how much echo. */
export class Interruptions {
  readonly #options: InterruptionsOptions;
  readonly #level = new LevelModel();
  #overlap: { turnId: string; judge: Overlap } | null = null;
  #playedInMs = 0;
  #echoHeardAt = -Infinity;
  #last = { words: '', endedAt: -Infinity };

  constructor(options: InterruptionsOptions) {
    this.#options = options;
  }

  get isJudging(): boolean {
    return this.#overlap !== null;
  }

  frame(frame: HeardFrame): void {
    this.#overlap?.judge.frame(frame);
  }

  /** Somebody begins to be heard over a reply. */
  begin(reply: SpokenReply, frames: readonly HeardFrame[]): void {
    const { listener, language, newId, emit } = this.#options;
    const turnId = newId();
    const judge = new Overlap(
      {
        listener,
        level: this.#level,
        language,
        timeline: reply.timeline,
        playingAt: () => reply.positionInMs,
        wary: this.#isEchoLikely(reply),
        onVerdict: (verdict, heard) => this.#rule(turnId, verdict, heard),
      },
      frames,
    );
    this.#overlap = { turnId, judge };
    emit({ type: 'speech-start', turnId, positionInMs: frames[0]?.positionInMs ?? 0 });
    emit({ type: 'duck' });
  }

  /** The reply ended by itself while somebody spoke over it: theirs is a turn like any other. */
  handOver(): { turnId: string; frames: readonly HeardFrame[] } | null {
    const overlap = this.#overlap;
    this.drop();
    return overlap && { turnId: overlap.turnId, frames: overlap.judge.frames };
  }

  drop(): void {
    this.#overlap?.judge.close();
    this.#overlap = null;
  }

  /** A turn that was the caller's own. */
  learn(speech: Float32Array): void {
    this.#level.observe(speech);
  }

  /** A reply is over; its echo may still be on its way. */
  leave({ timeline }: SpokenReply): void {
    this.#playedInMs += timeline.playedInMs;
    this.#last = {
      words: timeline.textAround(timeline.playedInMs, ECHO_WORDS_MS),
      endedAt: this.#options.clock.now(),
    };
  }

  /** Words that may still come out of the room; empty when it has been quiet for long enough. */
  get lingering(): string {
    return this.#options.clock.now() - this.#last.endedAt < ECHO_TAIL_MS ? this.#last.words : '';
  }

  #isEchoLikely({ timeline }: SpokenReply): boolean {
    if (this.#playedInMs + timeline.playedInMs < CONVERGED_AFTER_MS) return true;
    return this.#options.clock.now() - this.#echoHeardAt < WARY_AFTER_ECHO_MS;
  }

  #rule(turnId: string, verdict: OverlapVerdict, frames: readonly HeardFrame[]): void {
    const { clock, emit, onInterrupt, onVerdict } = this.#options;
    this.#overlap = null;
    onVerdict();
    if (verdict === 'interruption') return onInterrupt(turnId, frames);
    if (verdict === 'echo') this.#echoHeardAt = clock.now();
    emit({ type: 'speech-dismiss', turnId, reason: verdict });
    emit({ type: 'unduck' });
  }
}
