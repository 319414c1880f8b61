import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AbortedError, ResourceError } from '../../../base/errors.ts';
import { HEARING_SAMPLE_RATE, type Transcript } from '../../spec/speech-handle.ts';
import { createOnnxSession, loadOnnxRuntime } from '../onnx-session.ts';
import { END_TOKEN, MoonshineTokens, START_TOKEN } from './moonshine-tokens.ts';
import type { Recognizer, RecognizeOptions } from './recognizer.ts';

/** Nobody speaks faster; beyond it the decoder repeats itself (the model's authors use the same cap). */
const TOKENS_PER_SECOND = 6.5;
/** A sound of a few hundred milliseconds may still be a word and its mark. */
const FEWEST_TOKENS = 6;
/** The encoder's convolutions need some 60 ms; shorter sounds are no words. */
const SHORTEST_SAMPLES = HEARING_SAMPLE_RATE / 10;
/** Of silence and noise the model makes a single " You". */
const FEWEST_WORD_TOKENS = 2;

export interface MoonshineFiles {
  encoder: string;
  decoder: string;
  tokenizer: string;
}

type Tensors = Record<string, Tensor>;

/**
 * Moonshine (github.com/moonshine-ai/moonshine), English, merged decoder: the encoder turns samples into hidden states,
 * the decoder is called token by token, greedily, with the keys and values of the tokens before. One thread: each step is
 * too small to share.
 */
export async function createMoonshineRecognizer(files: MoonshineFiles, language: string): Promise<Recognizer> {
  const [{ Tensor: TensorClass }, tokenizer, encoder, decoder] = await Promise.all([
    loadOnnxRuntime(),
    readFile(files.tokenizer),
    createOnnxSession(files.encoder, { threads: 1 }),
    createOnnxSession(files.decoder, { threads: 1 }),
  ]);
  const tokens = new MoonshineTokens(tokenizer);
  const pastNames = decoder.inputNames.filter((name) => name.startsWith('past_key_values.'));
  if (pastNames.length === 0)
    throw new ResourceError('The Moonshine decoder is of a kind that is not supported: it keeps no state.', {
      code: 'engine-start-failed',
    });
  return new Moonshine({ TensorClass, tokens, encoder, decoder, pastNames, language });
}

interface MoonshineModel {
  TensorClass: typeof Tensor;
  tokens: MoonshineTokens;
  encoder: InferenceSession;
  decoder: InferenceSession;
  pastNames: readonly string[];
  language: string;
}

class Moonshine implements Recognizer {
  readonly #model: MoonshineModel;

  constructor(model: MoonshineModel) {
    this.#model = model;
  }

  async transcribe(samples: Float32Array, { signal }: RecognizeOptions): Promise<Transcript> {
    const { language, tokens } = this.#model;
    if (samples.length < SHORTEST_SAMPLES) return { text: '', language };
    const said = await this.#decode(samples, signal);
    return { text: said.length < FEWEST_WORD_TOKENS ? '' : words(tokens.decode(said)), language };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#model.encoder.release(), this.#model.decoder.release()]);
  }

  /** The tokens between start and end. */
  async #decode(samples: Float32Array, signal: AbortSignal): Promise<number[]> {
    const { TensorClass, encoder, decoder } = this.#model;
    const mask = new TensorClass('int64', new BigInt64Array(samples.length).fill(1n), [1, samples.length]);
    const audio = new TensorClass('float32', samples, [1, samples.length]);
    const encoded = await encoder.run({ input_values: audio, attention_mask: mask });
    const constant: Tensors = {
      encoder_hidden_states: encoded['last_hidden_state'] as Tensor,
      encoder_attention_mask: mask,
    };
    const most = Math.max(FEWEST_TOKENS, Math.ceil((samples.length / HEARING_SAMPLE_RATE) * TOKENS_PER_SECOND));
    const said: number[] = [];
    let past = this.#emptyPast();
    for (let token = START_TOKEN; said.length < most; said.push(token)) {
      if (signal.aborted) throw new AbortedError();
      const first = said.length === 0;
      const output = await decoder.run({
        ...constant,
        ...past,
        input_ids: new TensorClass('int64', BigInt64Array.of(BigInt(token)), [1, 1]),
        use_cache_branch: new TensorClass('bool', [!first], [1]),
      });
      token = largest(output['logits']?.data as Float32Array);
      if (token === END_TOKEN) break;
      past = this.#nextPast(past, output, first);
    }
    return said;
  }

  #emptyPast(): Tensors {
    const { TensorClass, pastNames, decoder } = this.#model;
    const [, heads, , width] = shapeOf(decoder, pastNames[0] ?? '');
    const empty = (): Tensor => new TensorClass('float32', new Float32Array(0), [0, heads, 1, width]);
    return Object.fromEntries(pastNames.map((name) => [name, empty()]));
  }

  /** The encoder's keys and values are made in the first step and stay; the decoder's grow. */
  #nextPast(past: Tensors, output: InferenceSession.ReturnType, first: boolean): Tensors {
    return Object.fromEntries(
      this.#model.pastNames.map((name) => {
        const made = output[name.replace('past_key_values', 'present')] as Tensor;
        return [name, first || name.includes('.decoder.') ? made : (past[name] as Tensor)];
      }),
    );
  }
}

/** Of hiss and hum the model makes notes of music, halves of letters or another script; none of it was said. */
function words(text: string): string {
  const clean = text.replaceAll(/[\u2669-\u266f\ufffd]/g, '').trim();
  return /[\p{L}\p{N}]/u.test(clean) && !/(?!\p{Script=Latin})\p{L}/u.test(clean) ? clean : '';
}

function shapeOf(session: InferenceSession, name: string): [number, number, number, number] {
  const found = session.inputMetadata.find((metadata) => metadata.name === name);
  const shape = found?.isTensor ? found.shape : [];
  return [0, Number(shape[1]), 1, Number(shape[3])];
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) {
    if ((values[index] as number) > (values[best] as number)) best = index;
  }
  return best;
}
