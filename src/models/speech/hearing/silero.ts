import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { InvalidInputError } from '../../../base/errors.ts';
import { ACTIVITY_FRAME_SAMPLES, HEARING_SAMPLE_RATE, type ActivityDetector } from '../../spec/speech-handle.ts';
import { createOnnxSession, loadOnnxRuntime } from '../onnx-session.ts';

/** Samples of the frame before that the model sees in front of each frame; without them it hears nothing at all. */
const CONTEXT_SAMPLES = 64;
const STATE_SHAPE = [2, 1, 128] as const;
const STATE_SIZE = STATE_SHAPE[0] * STATE_SHAPE[1] * STATE_SHAPE[2];

export interface Silero extends AsyncDisposable {
  /** One for each stream of audio. They share the weights. */
  create(): ActivityDetector;
}

/**
 * Silero voice activity detection, v5 and v6 at 16 kHz (github.com/snakers4/silero-vad). In process: a frame costs
 * about a tenth of a millisecond. `input` [1,576] is the end of the last frame and the new one, `state` [2,1,128] goes
 * round, `sr` is an int64.
 */
export async function loadSilero(path: string): Promise<Silero> {
  const { Tensor: TensorClass } = await loadOnnxRuntime();
  const session = await createOnnxSession(path, { threads: 1 });
  const sampleRate = new TensorClass('int64', BigInt64Array.of(BigInt(HEARING_SAMPLE_RATE)), []);
  return {
    create: () => new SileroDetector({ session, sampleRate, TensorClass }),
    [Symbol.asyncDispose]: () => session.release(),
  };
}

interface SileroModel {
  session: InferenceSession;
  sampleRate: Tensor;
  TensorClass: typeof Tensor;
}

class SileroDetector implements ActivityDetector {
  readonly #model: SileroModel;
  /** Context and frame, filled anew for each run. */
  readonly #input = new Float32Array(CONTEXT_SAMPLES + ACTIVITY_FRAME_SAMPLES);
  #state = new Float32Array(STATE_SIZE);
  #before: Promise<unknown> = Promise.resolve();
  /** Grows with each reset, so that a frame still under way does not bring the old state back. */
  #life = 0;

  constructor(model: SileroModel) {
    this.#model = model;
  }

  probability(frame: Float32Array): Promise<number> {
    const heard = this.#before.then(() => this.#hear(frame));
    this.#before = heard.catch(() => undefined);
    return heard;
  }

  reset(): void {
    this.#life += 1;
    this.#state = new Float32Array(STATE_SIZE);
    this.#input.fill(0);
  }

  async #hear(frame: Float32Array): Promise<number> {
    if (frame.length !== ACTIVITY_FRAME_SAMPLES)
      throw new InvalidInputError(
        `A frame of an activity detector has ${ACTIVITY_FRAME_SAMPLES} samples; this one has ${frame.length}.`,
        { code: 'frame-size', field: 'frame' },
      );
    const life = this.#life;
    const { session, sampleRate, TensorClass } = this.#model;
    const input = this.#input;
    input.copyWithin(0, ACTIVITY_FRAME_SAMPLES);
    // A single NaN would stay in the state and deafen the detector for the rest of the call.
    for (let index = 0; index < frame.length; index++) input[CONTEXT_SAMPLES + index] = finite(frame[index]);
    const { output, stateN } = await session.run({
      input: new TensorClass('float32', input, [1, input.length]),
      state: new TensorClass('float32', this.#state, STATE_SHAPE),
      sr: sampleRate,
    });
    if (life === this.#life) this.#state = stateN?.data as Float32Array<ArrayBuffer>;
    return Number(output?.data[0]);
  }
}

function finite(sample: number | undefined = 0): number {
  return Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
}
