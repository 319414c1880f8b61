import { meanPower } from '../base/audio/loudness.ts';
import { isBackChannel } from './back-channel.ts';
import { isCommand, isDecisive } from './decisive-words.ts';
import { FRAME_MS, type HeardFrame } from './ear.ts';
import { followsPlayback, playbackSteps } from './echo-envelope.ts';
import { isEcho } from './echo-match.ts';
import type { LevelModel } from './level-model.ts';
import type { ReplyTimeline } from './reply-timeline.ts';
import { TurnAudio } from './turn-audio.ts';
import { STOP_SILENCE_MS } from './turn-profile.ts';
import { withoutLoops } from './without-loops.ts';
import type { Listener } from './voice-ports.ts';

/*
 * Somebody is heard while the reply sounds. The caller's device has ducked; here it is decided what it was.
 *
 *      open ──384 ms of words that are neither echo nor back-channel──▶ interruption
 *        │
 *        └──a pause, and it was no words, an echo, a back-channel, far away──▶ dismissed
 *
 *   A short word that is clearly meant ("stop!") is an interruption as soon as its pause is there; one or two words that
 *   may be a hum need 640 ms.
 */
export type OverlapVerdict = 'interruption' | 'echo' | 'back-channel' | 'noise';

/** Speech that may stop a reply: Hugging Face's speech-to-speech; LiveKit's is 500. Milliseconds. */
const SHORTEST_MS = 384;
/** The same of one or two words that may be a hum. */
const SHORTEST_UNSURE_MS = 640;
/** While an echo is likely (a browser's canceller has not converged, or one was just heard), of words that decide nothing. */
const SHORTEST_WARY_MS = 1000;
/** Words are asked for a little before they are needed, and again after so much more speech. */
const TRANSCRIBE_FROM_MS = 256;
const TRANSCRIBE_WARY_MS = 512;
const TRANSCRIBE_AGAIN_MS = 320;
/** Speech that never becomes words is noise, milliseconds. */
const LONGEST_WORDLESS_MS = 2500;
/** How far back played words may come out of a room, milliseconds. */
const ECHO_SPAN_MS = 2500;

export interface OverlapOptions {
  listener: Listener;
  level: LevelModel;
  language: string;
  timeline: ReplyTimeline;
  /** Where the device plays now. */
  playingAt: () => number;
  /** An echo is likely: more speech is needed. */
  wary: boolean;
  onVerdict: (verdict: OverlapVerdict, frames: readonly HeardFrame[]) => void;
}

/** Judges one stretch of speech over a sounding reply. */
export class Overlap {
  readonly #options: OverlapOptions;
  readonly #frames: HeardFrame[] = [];
  readonly #audio = new TurnAudio();
  readonly #work = new AbortController();
  readonly #powers: number[] = [];
  #silenceInMs = 0;
  #text: string | null = null;
  #question = 0;
  #asking = false;
  #askedAtVoiced = 0;
  /** Whether the words up to the pause are known. */
  #pause: 'none' | 'asked' | 'answered' = 'none';
  #closed = false;

  constructor(options: OverlapOptions, begun: readonly HeardFrame[]) {
    this.#options = options;
    for (const frame of begun) this.#keep(frame);
  }

  get frames(): readonly HeardFrame[] {
    return this.#frames;
  }

  frame(frame: HeardFrame): void {
    if (this.#closed) return;
    this.#keep(frame);
    this.#silenceInMs = frame.voiced ? 0 : this.#silenceInMs + FRAME_MS;
    const { voicedInMs } = this.#audio;
    const paused = this.#silenceInMs >= STOP_SILENCE_MS;
    if (frame.voiced) this.#pause = 'none';
    const from = this.#options.wary ? TRANSCRIBE_WARY_MS : TRANSCRIBE_FROM_MS;
    if (paused && this.#pause === 'none') {
      this.#pause = 'asked';
      void this.#ask();
    } else if (voicedInMs >= from && voicedInMs - this.#askedAtVoiced >= TRANSCRIBE_AGAIN_MS && !this.#asking) {
      void this.#ask();
    }
    this.#judge();
  }

  close(): void {
    this.#closed = true;
    this.#work.abort();
  }

  #keep(frame: HeardFrame): void {
    this.#frames.push(frame);
    this.#audio.push(frame);
    if (frame.voiced || this.#powers.length > 0) this.#powers.push(meanPower(frame.samples));
  }

  /** Asks for the words so far; a newer question outdates an older one. */
  async #ask(): Promise<void> {
    this.#asking = true;
    this.#askedAtVoiced = this.#audio.voicedInMs;
    this.#question += 1;
    const question = this.#question;
    const isOutdated = () => this.#closed || question !== this.#question;
    const atPause = this.#pause === 'asked';
    try {
      const { listener } = this.#options;
      const { text } = await listener.transcribe({ samples: this.#audio.whole(), signal: this.#work.signal });
      if (isOutdated()) return;
      this.#asking = false;
      this.#text = withoutLoops(text);
      if (atPause && this.#pause === 'asked') this.#pause = 'answered';
      this.#judge();
    } catch {
      if (isOutdated()) return;
      this.#asking = false;
      // Without words only length can tell; a long sound is taken for speech.
      if (atPause) this.#end(this.#audio.voicedInMs >= SHORTEST_UNSURE_MS ? 'interruption' : 'noise');
    }
  }

  #judge(): void {
    if (this.#closed || this.#text === null) return;
    const { voicedInMs } = this.#audio;
    const paused = this.#pause === 'answered';
    const kind = this.#kindOf(this.#text);
    if (kind === 'interruption') {
      const { wary } = this.#options;
      // An echo that was misheard may be many words, but hardly those that people interrupt with.
      const decisive = wary ? isCommand(this.#text) : isDecisive(this.#text, voicedInMs);
      const needed = wary
        ? decisive
          ? SHORTEST_UNSURE_MS
          : SHORTEST_WARY_MS
        : decisive
          ? SHORTEST_MS
          : SHORTEST_UNSURE_MS;
      if (voicedInMs >= needed || (paused && decisive)) this.#end(kind);
      else if (paused) this.#end('noise');
    } else if (paused || kind === 'echo' || (kind === 'noise' && voicedInMs >= LONGEST_WORDLESS_MS)) {
      this.#end(kind);
    }
  }

  #kindOf(text: string): OverlapVerdict {
    const { language, timeline, playingAt, level } = this.#options;
    const position = playingAt();
    if (text !== '' && isEcho({ heard: text, playing: timeline.textAround(position, ECHO_SPAN_MS) })) return 'echo';
    if (followsPlayback(this.#powers, timeline.powerBefore(position, playbackSteps(this.#powers.length))))
      return 'echo';
    if (text === '' || level.isSideTalk(this.#audio.speech())) return 'noise';
    return isBackChannel(text, language) ? 'back-channel' : 'interruption';
  }

  #end(verdict: OverlapVerdict): void {
    this.close();
    this.#options.onVerdict(verdict, this.#frames);
  }
}
