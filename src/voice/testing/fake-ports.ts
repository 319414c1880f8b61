import type { ActivityDetector } from '../../models/spec/speech-handle.ts';
import {
  SPEAKING_SAMPLE_RATE,
  type Listener,
  type Replier,
  type ReplyDraft,
  type ReplyOutcome,
  type ReplySpeaker,
  type SpeakRequest,
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
  /** Null for a reply that follows another. */
  said: string | null;
  /** Id of who replied; absent where only one does. */
  by?: string;
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
  /** Set where several answer: who says what, one after the other, to what was said. */
  company: ((said: string) => readonly { speaker: ReplySpeaker; words: string }[]) | null = null;
  /** Whose mouth said which clause. */
  readonly mouths: { by: string | null; text: string }[] = [];
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
      return this.#draft({ text, signal, call: this.drafted.length, place: 0 });
    },
  };

  async *#speak({ text, speaker, signal }: SpeakRequest): AsyncGenerator<Int16Array> {
    this.#spoken += 1;
    this.mouths.push({ by: speaker?.id ?? null, text });
    const fault = this.faults.speak?.(this.#spoken, text);
    await this.#take(this.latencies.firstAudioInMs, signal);
    if (fault) throw fault;
    const tone = this.language.render(text, { sampleRate: SPEAKING_SAMPLE_RATE });
    yield Int16Array.from(tone, (sample) => Math.round(sample * 0x7fff));
  }

  #draft(asked: { text: string; signal: AbortSignal; call: number; place: number }): ReplyDraft {
    const { text, call, place } = asked;
    let turn: KeptTurn | undefined;
    const part = this.company?.(text)[place];
    const speaker = part?.speaker;
    return {
      words: this.#words({ ...asked, answer: part?.words ?? this.answer(text) }),
      ...(speaker ? { speaker: Promise.resolve(speaker) } : {}),
      follow: async ({ signal }) => {
        if (turn?.state !== 'done') throw new Error('asked who follows before the reply was kept');
        const next = { text, signal, call, place: place + 1 };
        return this.company?.(text)[next.place] ? this.#draft(next) : null;
      },
      confirm: async (said) => {
        if ((said === null) !== place > 0) throw new Error('what was said does not go with its first reply');
        await this.#take(this.latencies.confirmInMs, undefined);
        const fault = this.faults.confirm?.(call);
        if (fault) throw fault;
        const by = speaker ? { by: speaker.id } : {};
        turn = { said: said?.text ?? null, ...by, reply: '', state: 'open', timings: null };
        this.kept.push(turn);
        return { messageId: said && `said-${call}`, replyMessageId: `reply-${call}${place > 0 ? `-${place}` : ''}` };
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

  async *#words({
    answer,
    signal,
    call,
  }: {
    answer: string;
    signal: AbortSignal;
    call: number;
  }): AsyncGenerator<string> {
    await this.#take(this.latencies.firstTokenInMs, signal);
    for (const [index, word] of wordsOf(answer).entries()) {
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
