import { PlaybackQueue } from '../../../../client/call/playback-queue.ts';
import { Resampler } from './resampler.ts';
import { levelInDb } from './speech-gate.ts';
import { PLAYBACK_PROCESSOR, PLAYBACK_SAMPLE_RATE, POSITION_PERIOD_IN_MS, listen } from './worklet-messages.ts';
import type { FromPlayback, GateWord, PlayedWord, ToPlayback } from './worklet-messages.ts';

/** Samples taken from the queue at once, some 3 ms. */
const SLICE = 64;
/** Between two words about the loudness. */
const LEVEL_PERIOD_IN_MS = 20;
/** A duck of our own that nobody confirmed. */
const UNCONFIRMED_DUCK_IN_MS = 700;

interface Sounding {
  frame: number;
  replyId: string;
  positionInMs: number;
  done: boolean;
}

/** Plays what the house says, and says what has been heard of it. */
class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #queue = new PlaybackQueue();
  readonly #resampler = new Resampler({ from: PLAYBACK_SAMPLE_RATE, to: sampleRate });
  readonly #slice = new Float32Array(SLICE);
  /** At the context's rate, not yet played. */
  #ready: Float32Array = new Float32Array(0);
  /** What was handed over and is on its way to the ear. */
  #onTheWay: Sounding[] = [];
  #latencyInFrames = 0;
  #last: Sounding | null = null;
  #reportedAt = 0;
  #measuredAt = 0;
  #measured: Float32Array = new Float32Array(0);
  #capture: MessagePort | null = null;
  /** The frame at which a duck of our own ends by itself; null while the house decides. */
  #unduckAt: number | null = null;

  constructor() {
    super();
    listen<ToPlayback>(this.port, (word) => this.#obey(word));
  }

  override process(_: Float32Array[][], outputs: Float32Array[][]): boolean {
    const output = outputs[0]?.[0];
    if (output === undefined) return true;
    while (this.#ready.length < output.length) this.#takeSlice();
    output.set(this.#ready.subarray(0, output.length));
    this.#ready = this.#ready.slice(output.length);
    if (this.#unduckAt !== null && currentFrame >= this.#unduckAt) this.#duck(false);
    this.#noteSounding();
    this.#report();
    this.#measure(output);
    return true;
  }

  #obey(word: ToPlayback): void {
    switch (word.type) {
      case 'connect':
        this.#capture = word.port;
        listen<GateWord>(word.port, () => this.#onOnset());
        break;
      case 'audio':
        this.#queue.push(word);
        break;
      case 'sent':
        this.#queue.sent(word.replyId, word.durationInMs);
        break;
      case 'flush':
        this.#queue.flush(word.replyId);
        break;
      case 'duck':
      case 'unduck':
        this.#unduckAt = null;
        this.#duck(word.type === 'duck');
        break;
      case 'latency':
        this.#latencyInFrames = (word.latencyInMs / 1000) * sampleRate;
        break;
      default:
        word satisfies never;
    }
  }

  /** Somebody begins to speak: quieter at once; the house says what it was. */
  #onOnset(): void {
    if (!this.#queue.playing || this.#queue.ducked) return;
    this.#duck(true);
    this.#unduckAt = currentFrame + (UNCONFIRMED_DUCK_IN_MS / 1000) * sampleRate;
  }

  #duck(ducked: boolean): void {
    if (!ducked) this.#unduckAt = null;
    if (this.#queue.ducked === ducked) return;
    this.#queue.duck(ducked);
    this.#tell({ type: 'duck', ducked });
  }

  #takeSlice(): void {
    this.#queue.pull(this.#slice);
    const more = this.#resampler.process(this.#slice);
    const joined = new Float32Array(this.#ready.length + more.length);
    joined.set(this.#ready);
    joined.set(more, this.#ready.length);
    this.#ready = joined;
  }

  /** What has just been handed over sounds after the latency of the device. */
  #noteSounding(): void {
    const { position } = this.#queue;
    if (position === null) return;
    const newest = this.#onTheWay.at(-1) ?? this.#last;
    const isSame =
      newest?.replyId === position.replyId &&
      newest.positionInMs === position.positionInMs &&
      newest.done === position.done;
    if (!isSame) this.#onTheWay.push({ frame: currentFrame, ...position });
  }

  #report(): void {
    let sounded: Sounding | null = null;
    while (this.#onTheWay[0] !== undefined && this.#onTheWay[0].frame + this.#latencyInFrames <= currentFrame) {
      sounded = this.#onTheWay.shift() ?? null;
    }
    if (sounded === null) return;
    const isFirst = sounded.replyId !== this.#last?.replyId;
    const isDue = currentFrame - this.#reportedAt >= (POSITION_PERIOD_IN_MS / 1000) * sampleRate;
    const isLast = this.#onTheWay.length === 0 && (sounded.done || !this.#queue.playing);
    this.#last = sounded;
    if (!isFirst && !isDue && !isLast) return;
    this.#reportedAt = currentFrame;
    const { replyId, positionInMs, done } = sounded;
    this.#tell({ type: 'position', replyId, positionInMs, done });
  }

  #measure(output: Float32Array): void {
    const joined = new Float32Array(this.#measured.length + output.length);
    joined.set(this.#measured);
    joined.set(output, this.#measured.length);
    this.#measured = joined;
    if (currentFrame - this.#measuredAt < (LEVEL_PERIOD_IN_MS / 1000) * sampleRate) return;
    this.#measuredAt = currentFrame;
    const level = levelInDb(this.#measured);
    this.#measured = new Float32Array(0);
    this.#capture?.postMessage({ type: 'played', levelInDb: level } satisfies PlayedWord);
    this.#tell({ type: 'level', levelInDb: level });
  }

  #tell(word: FromPlayback): void {
    this.port.postMessage(word);
  }
}

registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
