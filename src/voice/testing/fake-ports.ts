import type { ActivityDetector } from '../../models/spec/speech-handle.ts';
import {
  SPEAKING_SAMPLE_RATE,
  type Listener,
  type Replier,
  type ReplyDraft,
  type ReplyOutcome,
  type Speaker,
} from '../voice-ports.ts';
import { ToneLanguage, wordsOf } from './tone-language.ts';
import type { TestClock } from './virtual-clock.ts';

/** Milliseconds each fake takes; zero = at once. */
export interface FakeLatencies {
  transcriptInMs: number;
  turnInMs: number;
  firstTokenInMs: number;
  tokenInMs: number;
  firstAudioInMs: number;
  confirmInMs: number;
}

export const NO_LATENCY: FakeLatencies = {
  transcriptInMs: 0,
  turnInMs: 0,
  firstTokenInMs: 0,
  tokenInMs: 0,
  firstAudioInMs: 0,
  confirmInMs: 0,
};

/** What is kept of one turn, as a chat would keep it. */
export interface KeptTurn {
  said: string;
  reply: string;
  state: ReplyOutcome['state'] | 'open';
  timings: ReplyOutcome['timings'] | null;
}

export interface FakeFaults {
  /** Throws at the n-th call, from 1. */
  transcribe?: (call: number) => Error | null;
  words?: (call: number, word: number) => Error | null;
  speak?: (call: number, text: string) => Error | null;
  confirm?: (call: number) => Error | null;
}

/** Ears, mouth and mind that speak a language of tones, with settable latencies and faults. They obey the real ports. */
export class FakePorts {
  readonly clock: TestClock;
  readonly language = new ToneLanguage();
  readonly latencies: FakeLatencies;
  readonly faults: FakeFaults = {};
  readonly kept: KeptTurn[] = [];
  /** Everything a model was asked, kept or not. */
  readonly drafted: string[] = [];
  discarded = 0;
  /** 0 to 1 for what was heard; absent = complete. */
  completeness: (heard: string) => number = () => 0.95;
  answer: (said: string) => string = (said) => `You said ${said}.`;
  #transcripts = 0;
  #spoken = 0;

  constructor(clock: TestClock, latencies: Partial<FakeLatencies> = {}) {
    this.clock = clock;
    this.latencies = { ...NO_LATENCY, ...latencies };
  }

  readonly activity: ActivityDetector = {
    probability: async (frame) =>
      frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length > 4e-4 ? 0.95 : 0.02,
    reset: () => undefined,
  };

  readonly listener: Listener = {
    activity: this.activity,
    transcribe: async ({ samples, signal }) => {
      this.#transcripts += 1;
      const fault = this.faults.transcribe?.(this.#transcripts);
      await this.#take(this.latencies.transcriptInMs, signal);
      if (fault) throw fault;
      return { text: this.language.understand(samples), language: 'en' };
    },
    turnProbability: async (samples, signal) => {
      await this.#take(this.latencies.turnInMs, signal);
      return this.completeness(this.language.understand(samples));
    },
  };

  readonly speaker: Speaker = { speak: (request) => this.#speak(request) };

  readonly replier: Replier = {
    draft: ({ text, signal }) => {
      this.drafted.push(text);
      return this.#draft({ text, signal, call: this.drafted.length });
    },
  };

  async *#speak({ text, signal }: { text: string; signal: AbortSignal }): AsyncGenerator<Int16Array> {
    this.#spoken += 1;
    const fault = this.faults.speak?.(this.#spoken, text);
    await this.#take(this.latencies.firstAudioInMs, signal);
    if (fault) throw fault;
    const tone = this.language.render(text, { sampleRate: SPEAKING_SAMPLE_RATE });
    yield Int16Array.from(tone, (sample) => Math.round(sample * 0x7fff));
  }

  #draft({ text, signal, call }: { text: string; signal: AbortSignal; call: number }): ReplyDraft {
    let turn: KeptTurn | undefined;
    return {
      words: this.#words({ text, signal, call }),
      confirm: async (said) => {
        await this.#take(this.latencies.confirmInMs, undefined);
        const fault = this.faults.confirm?.(call);
        if (fault) throw fault;
        turn = { said: said.text, reply: '', state: 'open', timings: null };
        this.kept.push(turn);
        return { messageId: `said-${call}`, replyMessageId: `reply-${call}` };
      },
      heard: (heard) => {
        if (!turn) throw new Error('heard before it was confirmed');
        if (!heard.startsWith(turn.reply)) throw new Error('what was heard does not grow');
        turn.reply = heard;
      },
      end: async ({ state, heard, timings }) => {
        if (!turn) throw new Error('ended before it was confirmed');
        Object.assign(turn, { state, reply: heard, timings });
      },
      discard: () => {
        if (turn) throw new Error('discarded after it was confirmed');
        this.discarded += 1;
      },
    };
  }

  async *#words({ text, signal, call }: { text: string; signal: AbortSignal; call: number }): AsyncGenerator<string> {
    await this.#take(this.latencies.firstTokenInMs, signal);
    for (const [index, word] of wordsOf(this.answer(text)).entries()) {
      if (index > 0) await this.#take(this.latencies.tokenInMs, signal);
      const fault = this.faults.words?.(call, index + 1);
      if (fault) throw fault;
      yield index === 0 ? word : ` ${word}`;
    }
  }

  async #take(durationInMs: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (durationInMs > 0) await this.clock.sleep(durationInMs, signal);
  }
}
