import { setTimeout as sleep } from 'node:timers/promises';
import { CallConnection } from '../../client/call/call-connection.ts';
import { ToneLanguage } from '../../src/voice/testing/tone-language.ts';
import { PlaybackQueue } from '../../client/call/playback-queue.ts';
import { QUESTION } from './question.ts';

const FRAME_IN_MS = 20;
const HEARING_RATE = 16_000;
const FRAME_SAMPLES = (HEARING_RATE * FRAME_IN_MS) / 1000;
const PLAYBACK_SAMPLES = 24 * FRAME_IN_MS;
const REPORT_EVERY_MS = 100;
/** Far above a turn's length. */
const TURN_LIMIT_IN_MS = 40_000;

export interface CallerFigures {
  /** Replies that were heard to their end. */
  heard: number;
  /** Times the loudspeaker ran dry within a reply. */
  underruns: number;
  /** Last sound of the question to first sound of the answer, milliseconds. */
  responses: number[];
}

/** A device in real time: the client's own connection and jitter buffer, a microphone of tones, a loudspeaker. */
export class BenchCaller {
  readonly figures: CallerFigures = { heard: 0, underruns: 0, responses: [] };
  readonly #connection: CallConnection;
  readonly #queue = new PlaybackQueue();
  readonly #language = new ToneLanguage();
  readonly #sound = new Float32Array(PLAYBACK_SAMPLES);
  #speech: Float32Array = new Float32Array(0);
  #silentFrom: number | null = null;
  #ended = 0;
  #open = false;
  #reportedAt = 0;
  #reported = -1;
  #life = new AbortController();

  constructor({ port, key, name }: { port: number; key: string; name: string }) {
    this.#connection = new CallConnection({
      address: `ws://127.0.0.1:${port}/v1/realtime`,
      target: { model: `character/${name}` },
      key,
      inputRate: HEARING_RATE,
      createSocket: (url, protocols) => new WebSocket(url, protocols),
      clock: {
        now: () => performance.now(),
        after: (delay, run) => {
          const timer = setTimeout(run, delay);
          return () => clearTimeout(timer);
        },
      },
      onState: (state) => (this.#open = state === 'open'),
      onAudio: ({ itemId, ...piece }) => this.#queue.push({ replyId: itemId, ...piece }),
      onEvent: (event) => {
        if (event.type === 'everwith.reply.sent') this.#queue.sent(event.item_id, event.duration_ms);
        if (event.type !== 'everwith.reply.ended') return;
        this.#ended += 1;
        if (event.state === 'done') this.figures.heard += 1;
      },
    });
  }

  /** Talks for so many turns, one after another. */
  async talk(turns: number): Promise<void> {
    this.#connection.connect();
    const beat = this.#beat();
    await this.#until(() => this.#open);
    for (let turn = 0; turn < turns; turn += 1) {
      const before = this.#ended;
      this.#speech = this.#language.render(QUESTION, { sampleRate: HEARING_RATE });
      await this.#until(() => this.#ended > before);
    }
    this.#connection.send({ type: 'everwith.call.end' });
    this.#life.abort();
    await beat;
    this.#connection.leave();
  }

  async #until(look: () => boolean): Promise<void> {
    const limit = performance.now() + TURN_LIMIT_IN_MS;
    while (!look()) {
      if (performance.now() > limit) throw new Error('A turn was not answered.');
      await sleep(FRAME_IN_MS);
    }
  }

  /** One frame in and out every 20 ms; late ones are made up for, as a sound card does. */
  async #beat(): Promise<void> {
    const begun = performance.now();
    for (let frame = 1; !this.#life.signal.aborted; frame += 1) {
      this.#speak();
      this.#listen();
      await sleep(Math.max(0, begun + frame * FRAME_IN_MS - performance.now()));
    }
  }

  #speak(): void {
    const frame = new Int16Array(FRAME_SAMPLES);
    const taken = this.#speech.subarray(0, FRAME_SAMPLES);
    for (let at = 0; at < taken.length; at += 1) frame[at] = Math.round((taken[at] ?? 0) * 0x7fff);
    if (this.#speech.length > 0 && this.#speech.length <= FRAME_SAMPLES) this.#silentFrom = performance.now();
    this.#speech = this.#speech.subarray(taken.length);
    this.#connection.sendAudio(frame);
  }

  #listen(): void {
    const wasPlaying = this.#queue.playing;
    this.#queue.pull(this.#sound);
    if (!wasPlaying && this.#queue.playing && this.#silentFrom !== null) {
      this.figures.responses.push(performance.now() - this.#silentFrom);
      this.#silentFrom = null;
    }
    const { position } = this.#queue;
    this.figures.underruns = this.#queue.underruns;
    const now = performance.now();
    if (!position || position.positionInMs === this.#reported) return;
    if (now - this.#reportedAt < REPORT_EVERY_MS && !position.done) return;
    this.#reportedAt = now;
    this.#reported = position.positionInMs;
    const { replyId, positionInMs } = position;
    this.#connection.send({ type: 'everwith.playback.position', item_id: replyId, position_ms: positionInMs });
  }
}
