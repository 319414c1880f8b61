import type { Transcript } from '../models/spec/speech-handle.ts';
import { FRAME_MS, type HeardFrame } from './ear.ts';
import { NearVoice } from './near-voice.ts';
import type { PauseModel } from './pause-model.ts';
import { TurnAudio } from './turn-audio.ts';
import { STOP_SILENCE_MS, TRANSCRIBE_SILENCE_MS, type TurnPatience } from './turn-profile.ts';
import { endsUnfinished } from './unfinished-words.ts';
import type { CallClock, Listener } from './voice-ports.ts';

/*
 * States of a turn that a person speaks
 *
 *      speaking ──silence──▶ paused ──silence and sense──▶ decided ──reopen window──▶ (its owner closes it)
 *          ▲  ▲                │ │                            │
 *          │  └──64 ms speech──┘ │ nothing was said           │ 192 ms of speech within the window
 *          └─────────────────────┼────────────────────────────┘
 *                                ▼
 *                            dismissed
 *
 *   speaking   frames are kept. Entry: the onset, or renewed speech. Exit: → paused at the first silent frame.
 *   paused     the transcript is begun at 96 ms of silence, the turn detector asked at 200 ms and again every 400 ms.
 *              Every revision of what was heard has a number; answers to an older one are dropped.
 *   decided    the owner was told. Renewed speech while the owner leaves it open goes on with the same turn.
 *   dismissed  it was no turn. closed: cancelled, or taken over by its reply.
 */
type TurnState = 'speaking' | 'paused' | 'decided' | 'dismissed' | 'closed';

/** Speech that ends a pause, and that reopens a decided turn (as Hugging Face's speech-to-speech does); milliseconds. */
const RESUME_MS = 64;
const REOPEN_MS = 192;
/** Less speech than this, without a word in it, was a click. Milliseconds. */
const SHORTEST_SPEECH_MS = 160;
/** The turn detector is asked again after so much more silence, milliseconds. */
const ASK_AGAIN_MS = 400;
/** An answer to what sounds unfinished is begun after so much silence, milliseconds: it is over more often than not. */
const LATE_DRAFT_MS = 600;
/** Above it, a turn sounds complete: the threshold Smart Turn was trained for. */
const COMPLETE_FROM = 0.5;
/** Milliseconds before a failed transcript is tried once more. */
const RETRY_MS = 250;
/** Milliseconds of audio in one turn; who speaks longer is answered in between. */
const LONGEST_TURN_MS = 10 * 60_000;

export interface DecidedTurn {
  text: string;
  language: string | null;
  /** Mono 16 kHz, with half a second before the speech. */
  samples: Float32Array;
  /** The clock at the last speech, at the transcript, at the decision. */
  speechEndedAt: number;
  transcriptAt: number;
  decidedAt: number;
}

export interface SpokenTurnOptions {
  id: string;
  clock: CallClock;
  listener: Listener;
  pauses: PauseModel;
  /** Null = the end is said, not heard. */
  patience: () => TurnPatience | null;
  onPause: (positionInMs: number) => void;
  onResume: (positionInMs: number) => void;
  /** What is understood so far. An answer may be begun, and will be taken back by `onRevise`. */
  onTranscript: (text: string, likelyOver: boolean) => void;
  /** The person went on: answers to what was understood before are void. */
  onRevise: () => void;
  onDecide: (turn: DecidedTurn) => void;
  onDismiss: () => void;
  onFailure: (error: unknown) => void;
}

/** One turn of a person, from its first sound to the certainty that it is over. */
export class SpokenTurn {
  readonly id: string;
  readonly #options: SpokenTurnOptions;
  readonly #audio: TurnAudio;
  readonly #nearVoice = new NearVoice();
  #state: TurnState = 'speaking';
  #revision = 0;
  #work = new AbortController();
  #silenceInMs = 0;
  #resumedInMs = 0;
  #speechEndedAt: number;
  #transcript: (Transcript & { at: number }) | undefined;
  #transcribing = false;
  #probability: number | null = null;
  #askedAtSilence = 0;
  #pauseTold = false;
  #lateTold = false;
  #endAsked = false;
  #cancelRetry: (() => void) | undefined;

  constructor(options: SpokenTurnOptions, begun: readonly HeardFrame[]) {
    this.id = options.id;
    this.#options = options;
    this.#audio = new TurnAudio();
    this.#speechEndedAt = options.clock.now();
    for (const frame of begun) this.#keep(this.#near(frame));
  }

  get isOpen(): boolean {
    return this.#state === 'speaking' || this.#state === 'paused';
  }

  get speechEndedAt(): number {
    return this.#speechEndedAt;
  }

  /** What was understood last; empty where nothing was. */
  get text(): string {
    return this.#audio.join(this.#transcript?.text ?? '');
  }

  frame(frame: HeardFrame): void {
    if (this.#state === 'closed' || this.#state === 'dismissed') return;
    const heard = this.#near(frame);
    this.#keep(heard);
    if (this.#options.patience() === null) return;
    if (heard.voiced) this.#hearSpeech(heard);
    else this.#hearSilence(heard);
    if (this.#audio.durationInMs >= LONGEST_TURN_MS && this.isOpen) this.endNow();
  }

  /** The person said that they have finished. */
  endNow(): void {
    if (!this.isOpen) return;
    this.#endAsked = true;
    this.#state = 'paused';
    if (this.#transcript === undefined || this.#options.patience() === null) void this.#transcribe();
    this.#evaluate();
  }

  close(): void {
    this.#state = 'closed';
    this.#work.abort();
    this.#cancelRetry?.();
  }

  /** All audio and the words as understood, for a call that ends in mid-sentence. */
  leave(): { text: string; language: string | null; samples: Float32Array } {
    return { text: this.text, language: this.#transcript?.language ?? null, samples: this.#audio.whole() };
  }

  /** The speech alone, without the silence around it. */
  speech(): Float32Array {
    return this.#audio.speech();
  }

  /** Voices behind the speaker's are not theirs: a television keeps no turn open. */
  #near(frame: HeardFrame): HeardFrame {
    const voiced = this.#nearVoice.hears(frame);
    return voiced === frame.voiced ? frame : { ...frame, voiced };
  }

  #keep(frame: HeardFrame): void {
    this.#audio.push(frame);
    if (frame.voiced && this.#state === 'speaking') this.#speechEndedAt = frame.arrivedAt;
  }

  #hearSpeech(frame: HeardFrame): void {
    if (this.#state === 'speaking') {
      this.#silenceInMs = 0;
      return;
    }
    this.#resumedInMs += FRAME_MS;
    const needed = this.#state === 'decided' ? REOPEN_MS : RESUME_MS;
    if (this.#resumedInMs < needed) return;
    this.#options.pauses.observe(this.#silenceInMs);
    const told = this.#pauseTold || this.#state === 'decided';
    this.#revise();
    this.#speechEndedAt = frame.arrivedAt;
    if (told) this.#options.onResume(frame.positionInMs);
  }

  /** What was understood of a long piece stays; only what follows is transcribed from now on. */
  #revise(): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#revision += 1;
    this.#cancelRetry?.();
    if (this.#transcript) this.#audio.settle(this.#transcript.text, this.#resumedInMs);
    this.#transcript = undefined;
    this.#transcribing = false;
    this.#probability = null;
    this.#askedAtSilence = 0;
    this.#pauseTold = false;
    this.#lateTold = false;
    this.#silenceInMs = 0;
    this.#resumedInMs = 0;
    this.#state = 'speaking';
    this.#options.onRevise();
  }

  #hearSilence({ positionInMs }: HeardFrame): void {
    if (this.#state === 'speaking') this.#state = 'paused';
    // A blip in a pause is part of it.
    this.#silenceInMs += FRAME_MS + this.#resumedInMs;
    this.#resumedInMs = 0;
    if (this.#state !== 'paused') return;
    if (this.#silenceInMs >= TRANSCRIBE_SILENCE_MS && !this.#transcript && !this.#transcribing) void this.#transcribe();
    if (this.#silenceInMs >= STOP_SILENCE_MS) {
      if (!this.#pauseTold) {
        this.#pauseTold = true;
        this.#options.onPause(positionInMs);
      }
      if (this.#silenceInMs >= LATE_DRAFT_MS && !this.#lateTold && this.#transcript && this.text !== '') {
        this.#lateTold = true;
        this.#options.onTranscript(this.text, true);
      }
      if (this.#askedAtSilence === 0 || this.#silenceInMs - this.#askedAtSilence >= ASK_AGAIN_MS) {
        void this.#askDetector();
      }
    }
    this.#evaluate();
  }

  async #transcribe(retry = true): Promise<void> {
    const revision = this.#revision;
    const isOutdated = () => revision !== this.#revision || !this.isOpen;
    const { listener, clock, onFailure, onTranscript } = this.#options;
    this.#transcribing = true;
    try {
      const transcript = await listener.transcribe({ samples: this.#audio.unsettled(), signal: this.#work.signal });
      if (isOutdated()) return;
      this.#transcribing = false;
      this.#transcript = { ...transcript, at: clock.now() };
      if (this.text !== '') onTranscript(this.text, this.#isLikelyOver());
      this.#evaluate();
    } catch (error) {
      if (isOutdated() || this.#work.signal.aborted) return;
      if (retry) {
        this.#cancelRetry = clock.after(RETRY_MS, () => void this.#transcribe(false));
        return;
      }
      this.#dismiss();
      onFailure(error);
    }
  }

  async #askDetector(): Promise<void> {
    const revision = this.#revision;
    this.#askedAtSilence = this.#silenceInMs;
    try {
      const probability = await this.#options.listener.turnProbability(this.#audio.whole(), this.#work.signal);
      if (revision !== this.#revision || this.#state !== 'paused') return;
      // More silence never makes a turn less complete.
      this.#probability = Math.max(this.#probability ?? 0, probability);
      this.#evaluate();
    } catch {
      // Without it the turn ends by silence alone.
    }
  }

  #isLikelyOver(): boolean {
    if (this.#endAsked) return true;
    return (this.#probability ?? 1) > COMPLETE_FROM && !endsUnfinished(this.text);
  }

  /** Looks whether the turn is over; called whenever something is new. */
  #evaluate(): void {
    if (this.#state !== 'paused' || this.#transcript === undefined) return;
    if (!this.#endAsked && !this.#isSilentLongEnough()) return;
    const { clock, onDecide } = this.#options;
    if (this.text === '' || (this.#audio.voicedInMs < SHORTEST_SPEECH_MS && !this.#endAsked)) return this.#dismiss();
    this.#state = 'decided';
    onDecide({
      text: this.text,
      language: this.#transcript.language,
      samples: this.#audio.whole(),
      speechEndedAt: this.#speechEndedAt,
      transcriptAt: this.#transcript.at,
      decidedAt: clock.now(),
    });
  }

  #isSilentLongEnough(): boolean {
    const { patience, pauses } = this.#options;
    const limits = patience();
    if (limits === null) return false;
    const complete = this.#probability !== null && this.#probability > COMPLETE_FROM && !endsUnfinished(this.text);
    return this.#silenceInMs >= (complete ? pauses.completeInMs(limits) : pauses.incompleteInMs(limits));
  }

  #dismiss(): void {
    this.#state = 'dismissed';
    this.#work.abort();
    this.#options.onDismiss();
  }
}
