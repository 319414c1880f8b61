import { Resampler } from './resampler.ts';
import { GATE_FRAME_IN_MS, SpeechGate, levelInDb } from './speech-gate.ts';
import { CAPTURE_PROCESSOR, CAPTURE_SAMPLE_RATE, listen } from './worklet-messages.ts';
import type { FromCapture, GateWord, PlayedWord, ToCapture } from './worklet-messages.ts';

const FRAME_SAMPLES = (CAPTURE_SAMPLE_RATE * GATE_FRAME_IN_MS) / 1000;
const SILENCE_IN_DB = -90;

/** The microphone as frames of 20 ms; tells the playback at once when somebody begins to speak. */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #resampler = new Resampler({ from: sampleRate, to: CAPTURE_SAMPLE_RATE });
  readonly #gate = new SpeechGate();
  readonly #frame = new Float32Array(FRAME_SAMPLES);
  #filled = 0;
  #muted = false;
  #playback: MessagePort | null = null;
  #playedInDb = SILENCE_IN_DB;

  constructor() {
    super();
    listen<ToCapture>(this.port, (word) => {
      if (word.type === 'mute') {
        this.#muted = word.muted;
        return;
      }
      this.#playback = word.port;
      listen<PlayedWord>(word.port, ({ levelInDb }) => {
        this.#playedInDb = levelInDb;
      });
    });
  }

  override process(inputs: Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    if (input === undefined) return true;
    for (const sample of this.#resampler.process(input)) {
      this.#frame[this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled === FRAME_SAMPLES) this.#send();
    }
    return true;
  }

  #send(): void {
    this.#filled = 0;
    if (this.#muted) this.#frame.fill(0);
    const level = levelInDb(this.#frame);
    const begins = !this.#muted && this.#gate.hear({ levelInDb: level, playedInDb: this.#playedInDb });
    if (begins) this.#playback?.postMessage({ type: 'onset' } satisfies GateWord);
    const samples = new Int16Array(FRAME_SAMPLES);
    for (const [index, sample] of this.#frame.entries()) {
      samples[index] = Math.round(Math.max(-1, Math.min(1, sample)) * 0x7fff);
    }
    const word: FromCapture = {
      type: 'frame',
      samples,
      levelInDb: level,
      speaking: !this.#muted && this.#gate.open,
    };
    this.port.postMessage(word, [samples.buffer]);
  }
}

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
