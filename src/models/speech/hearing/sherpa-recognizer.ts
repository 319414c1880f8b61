import { availableParallelism } from 'node:os';
import type { OfflineRecognizer, OfflineRecognizerConfig } from 'sherpa-onnx-node';
import { AbortedError, ResourceError, errorMessage } from '../../../base/errors.ts';
import type { LocatedFiles } from '../../catalog/file-set.ts';
import type { SpeechEntry } from '../../catalog/speech-catalog.ts';
import { HEARING_SAMPLE_RATE, type Transcript } from '../../spec/speech-handle.ts';
import type { Recognizer, RecognizeOptions } from './recognizer.ts';

/** More do not make these small models faster. */
const MOST_THREADS = 4;
/** Frames of 10 ms of silence behind the audio; Whisper loses its last word without. */
const WHISPER_TAIL_FRAMES = 50;

/**
 * SenseVoice and Whisper through sherpa-onnx (k2-fsa.github.io/sherpa/onnx). Numbers, dates and punctuation are written as
 * people write them. The work is done on another thread and cannot be stopped in the middle.
 */
export async function createSherpaRecognizer(
  entry: Pick<SpeechEntry, 'engine' | 'settings'>,
  files: LocatedFiles,
): Promise<Recognizer> {
  const { default: sherpa } = await import('sherpa-onnx-node');
  const configure = (language: string | null): OfflineRecognizerConfig => createConfig(entry, files, language);
  try {
    return new SherpaRecognizer(await sherpa.OfflineRecognizer.createAsync(configure(null)), configure);
  } catch (error) {
    throw new ResourceError(
      `The listening model could not be loaded (${errorMessage(error)}). Remove it on the models page and fetch it again.`,
      { code: 'engine-start-failed', cause: error },
    );
  }
}

class SherpaRecognizer implements Recognizer {
  readonly #recognizer: OfflineRecognizer;
  readonly #configure: (language: string | null) => OfflineRecognizerConfig;
  #language: string | null = null;

  constructor(recognizer: OfflineRecognizer, configure: (language: string | null) => OfflineRecognizerConfig) {
    this.#recognizer = recognizer;
    this.#configure = configure;
  }

  async transcribe(samples: Float32Array, { language, signal }: RecognizeOptions): Promise<Transcript> {
    if (signal.aborted) throw new AbortedError();
    if (language !== this.#language) {
      this.#recognizer.setConfig(this.#configure(language));
      this.#language = language;
    }
    const stream = this.#recognizer.createStream();
    stream.acceptWaveform({ samples, sampleRate: HEARING_SAMPLE_RATE });
    const { text, lang } = await this.#recognizer.decodeAsync(stream);
    return { text: withoutMarks(text), language: /^(?:<\|)?([a-z]{2})(?:\|>)?$/.exec(lang ?? '')?.[1] ?? language };
  }

  async dispose(): Promise<void> {
    // The library frees its memory with the object; the child process ends right after.
  }
}

function createConfig(
  { engine, settings }: Pick<SpeechEntry, 'engine' | 'settings'>,
  files: LocatedFiles,
  language: string | null,
): OfflineRecognizerConfig {
  const threads = Number(settings['threads'] ?? Math.min(MOST_THREADS, availableParallelism()));
  const common = { tokens: file(files, 'tokens'), numThreads: threads, provider: 'cpu', debug: 0 } as const;
  const featConfig = { sampleRate: HEARING_SAMPLE_RATE, featureDim: 80 };
  if (engine === 'sherpa-sense-voice') {
    const senseVoice = {
      model: file(files, 'model'),
      language: language ?? 'auto',
      useInverseTextNormalization: 1,
    } as const;
    return { featConfig, modelConfig: { ...common, senseVoice } };
  }
  const whisper = {
    encoder: file(files, 'encoder'),
    decoder: file(files, 'decoder'),
    language: language ?? '',
    task: 'transcribe',
    tailPaddings: WHISPER_TAIL_FRAMES,
  } as const;
  return { featConfig, modelConfig: { ...common, whisper } };
}

function file(files: LocatedFiles, name: string): string {
  const path = files[name];
  if (path === undefined)
    throw new ResourceError(`The file "${name}" of the listening model is missing; fetch it again.`);
  return path;
}

/** SenseVoice writes what it noticed in front: `<|HAPPY|><|Speech|>`; both leave silence as a full stop. */
function withoutMarks(text: string): string {
  const words = text.replaceAll(/<\|[^|]*\|>/g, '').trim();
  return /[\p{L}\p{N}]/u.test(words) ? words : '';
}
