import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { HEARING_SAMPLE_RATE, type Transcript } from '../../spec/speech-handle.ts';
import { createOnnxSession, loadOnnxRuntime } from '../onnx-session.ts';
import { readWhisperBundle } from '../whisper/whisper-bundle.ts';
import type { Recognizer, RecognizeOptions } from './recognizer.ts';
import { WhisperDecoder, type Tensors, type WrittenTokens } from './whisper-decoder.ts';
import { isPhantomPhrase } from './phantom-phrases.ts';
import { WhisperLogMel } from './whisper-log-mel.ts';
import { WhisperVocabulary } from './whisper-vocabulary.ts';

export interface WhisperSettings {
  /** Of each of the two models; they never run at the same time. */
  threads: number;
}

/** One frame of the encoder is 20 ms. */
const SAMPLES_PER_FRAME = HEARING_SAMPLE_RATE / 50;
/**
 * Silence after the words. The model was trained on 30 s and begins to repeat itself where a sound fills all it is given;
 * with this much, sentences of Kokoro were heard as well as with 30 s, in a quarter of the time.
 */
const MARGIN_FRAMES = 128;
const FEWEST_FRAMES = 192;
/** Lengths are rounded up to this, so that the runtime meets few shapes. */
const FRAME_STEP = 32;
/** Shorter sounds are no words. */
const SHORTEST_SAMPLES = HEARING_SAMPLE_RATE / 10;
/** The loudest sample of a sound that cannot be speech: -60 dB. */
const SILENCE = 0.001;
/** Nobody speaks faster; beyond it the model repeats itself. */
const TOKENS_PER_SECOND = 14;
const FEWEST_TOKENS = 16;
/** Below this mean logarithm the words are guesses: they are heard again with all the silence the model knows. */
const UNSURE = -0.8;
/** OpenAI's own limits: above the one and below the other nobody spoke (`whisper/transcribe.py`). */
const NO_SPEECH = 0.6;
const IMPROBABLE = -1;
/** Where this much speaks for silence, a phrase that subtitles end with is not believed. */
const PERHAPS_SILENT = 0.3;
/** The model writes traditional or simplified characters as the text before it did. */
const SIMPLIFIED_PROMPT = '以下是普通话的句子。';

/**
 * Whisper, as `convert-ctranslate2.ts` writes it, through onnxruntime: only as long as the sound, greedily, without
 * timestamps. Between any two tokens it can be stopped. `files.model` is the bundle. Throws `InvalidInputError`
 * (`weights-damaged`) or `ResourceError` (`engine-start-failed`).
 */
export async function createWhisperRecognizer(
  files: { model: string },
  { threads }: WhisperSettings,
): Promise<Recognizer> {
  const [{ Tensor: TensorClass }, bundle] = await Promise.all([loadOnnxRuntime(), readWhisperBundle(files.model)]);
  const { dimensions, tokens } = bundle;
  const encoder = await createOnnxSession({ name: files.model, bytes: bundle.encoder }, { threads });
  const decoder = await createOnnxSession({ name: files.model, bytes: bundle.decoder }, { threads });
  const shape = {
    layers: dimensions.textLayers,
    heads: dimensions.textHeads,
    width: dimensions.textState / dimensions.textHeads,
    context: dimensions.textContext,
  };
  return new Whisper({
    TensorClass,
    encoder,
    decoder,
    writer: new WhisperDecoder(decoder, { TensorClass, tokens, shape }),
    mel: new WhisperLogMel(dimensions.melBands),
    bands: dimensions.melBands,
    mostFrames: dimensions.audioContext,
    vocabulary: new WhisperVocabulary(bundle.vocabulary),
    languages: new Set(Object.keys(tokens.languages)),
  });
}

interface WhisperModel {
  TensorClass: typeof Tensor;
  encoder: InferenceSession;
  decoder: InferenceSession;
  writer: WhisperDecoder;
  mel: WhisperLogMel;
  bands: number;
  mostFrames: number;
  vocabulary: WhisperVocabulary;
  languages: ReadonlySet<string>;
}

class Whisper implements Recognizer {
  readonly #model: WhisperModel;
  readonly #prompts: ReadonlyMap<string, readonly number[]>;

  constructor(model: WhisperModel) {
    this.#model = model;
    this.#prompts = new Map([['zh', model.vocabulary.encode(SIMPLIFIED_PROMPT)]]);
  }

  async transcribe(samples: Float32Array, options: RecognizeOptions): Promise<Transcript> {
    const language = options.language?.toLowerCase().split('-')[0] ?? null;
    if (samples.length < SHORTEST_SAMPLES || isSilent(samples)) return { text: '', language };
    const { mostFrames, languages } = this.#model;
    const request = { ...options, language: language !== null && languages.has(language) ? language : null };
    const frames = Math.ceil((samples.length / SAMPLES_PER_FRAME + MARGIN_FRAMES) / FRAME_STEP) * FRAME_STEP;
    const enough = Math.min(mostFrames, Math.max(FEWEST_FRAMES, frames));
    const quick = await this.#hear(samples, enough, request);
    const unsure = quick.repeats || quick.confidence < UNSURE;
    const written = unsure && enough < mostFrames ? await this.#hear(samples, mostFrames, request) : quick;
    return { text: this.#believe(written), language: written.language };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#model.encoder.release(), this.#model.decoder.release()]);
  }

  async #hear(samples: Float32Array, frames: number, { language, signal }: RecognizeOptions): Promise<WrittenTokens> {
    const { TensorClass, encoder, writer, mel, bands } = this.#model;
    signal.throwIfAborted();
    const features = mel.extract(samples, 2 * frames);
    const heard: Tensors = await encoder.run({ mel: new TensorClass('float32', features, [1, bands, 2 * frames]) });
    const seconds = samples.length / HEARING_SAMPLE_RATE;
    return writer.write({
      heard,
      language,
      prompt: this.#prompts.get(language ?? '') ?? [],
      mostTokens: FEWEST_TOKENS + Math.ceil(seconds * TOKENS_PER_SECOND),
      signal,
    });
  }

  #believe({ ids, confidence, noSpeech }: WrittenTokens): string {
    if (noSpeech > NO_SPEECH && confidence < IMPROBABLE) return '';
    const text = this.#model.vocabulary.decode(ids);
    if (!/[\p{L}\p{N}]/u.test(text)) return '';
    return noSpeech > PERHAPS_SILENT && isPhantomPhrase(text) ? '' : text;
  }
}

function isSilent(samples: Float32Array): boolean {
  return samples.every((sample) => Math.abs(sample) < SILENCE);
}
