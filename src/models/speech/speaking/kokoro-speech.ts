import { joinSamples } from '../../../base/audio/join-samples.ts';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { ResourceError } from '../../../base/errors.ts';
import { createOnnxSession, loadOnnxRuntime } from '../onnx-session.ts';
import { kokoroPhonemes, type PhonemeSource } from './kokoro-phonemes.ts';
import type { SpeakingEngine, SpeakingStart } from './speech-protocol.ts';

const vocabularySchema = z.object({ vocab: z.record(z.string(), z.int().nonnegative()) });

const SAMPLE_RATE = 24_000;
/** A voice is a table of styles, a row of so many numbers for each length of input. */
const STYLE_SIZE = 256;
const STYLE_ROWS = 510;
/** The model's context is 512 with a pad on each side. */
const MOST_PHONEMES = STYLE_ROWS - 1;
/** Half a megabyte each. */
const KEPT_VOICES = 8;

interface Kokoro {
  session: InferenceSession;
  TensorClass: typeof Tensor;
  vocabulary: ReadonlyMap<string, number>;
}

/**
 * Kokoro-82M (github.com/hexgrad/kokoro, weights Apache-2.0) as ONNX: `tokens` int64 [1,n], `style` float32 [1,256] and
 * `speed` float32 [1] give `audio` at 24 kHz. A run cannot be stopped and blocks this process meanwhile.
 */
export async function createKokoroSpeech({ files, threads }: SpeakingStart): Promise<SpeakingEngine> {
  const [{ Tensor: TensorClass }, session, vocabulary, source] = await Promise.all([
    loadOnnxRuntime(),
    createOnnxSession(files['model'] ?? '', { threads }),
    readVocabulary(files['vocab'] ?? ''),
    loadPhonemeSource(),
  ]);
  const model: Kokoro = { session, TensorClass, vocabulary };
  const styles = new Map<string, Float32Array>();
  return {
    sampleRate: SAMPLE_RATE,
    speak: async ({ text, language, voice, speed }) => {
      const accent = voice.startsWith('b') ? 'b' : 'a';
      const phonemes = await kokoroPhonemes(text, { language, accent, source });
      const style = styles.get(voice) ?? (await readStyle(files['voices'] ?? '', voice));
      remember(styles, voice, style);
      const parts: Float32Array[] = [];
      for (const ids of inReach(toIds(phonemes, vocabulary), vocabulary.get(' '))) {
        parts.push(await run(model, { ids, style, speed }));
      }
      return parts.length === 1 ? (parts[0] ?? new Float32Array(0)) : joinSamples(parts);
    },
  };
}

async function run(
  { session, TensorClass }: Kokoro,
  { ids, style, speed }: { ids: number[]; style: Float32Array; speed: number },
): Promise<Float32Array> {
  const row = style.slice(ids.length * STYLE_SIZE, (ids.length + 1) * STYLE_SIZE);
  const tokens = BigInt64Array.from([0, ...ids, 0], BigInt);
  const { audio } = await session.run({
    tokens: new TensorClass('int64', tokens, [1, tokens.length]),
    style: new TensorClass('float32', row, [1, STYLE_SIZE]),
    speed: new TensorClass('float32', Float32Array.of(speed), [1]),
  });
  return audio?.data instanceof Float32Array ? audio.data : new Float32Array(0);
}

function toIds(phonemes: string, vocabulary: ReadonlyMap<string, number>): number[] {
  return Array.from(phonemes).flatMap((symbol) => vocabulary.get(symbol) ?? []);
}

/** Longer inputs are said in parts, cut between words. */
function inReach(ids: readonly number[], space: number | undefined): number[][] {
  const parts: number[][] = [];
  let rest = [...ids];
  while (rest.length > MOST_PHONEMES) {
    const cut = rest.slice(0, MOST_PHONEMES).lastIndexOf(space ?? -1);
    const end = cut > 0 ? cut : MOST_PHONEMES;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return rest.length > 0 ? [...parts, rest] : parts;
}

async function readVocabulary(path: string): Promise<ReadonlyMap<string, number>> {
  try {
    return new Map(Object.entries(vocabularySchema.parse(JSON.parse(await readFile(path, 'utf8'))).vocab));
  } catch (error) {
    throw damaged(path, error);
  }
}

/** `voice` is one of the catalog's, so it is no path of somebody else's. */
async function readStyle(folder: string, voice: string): Promise<Float32Array> {
  const path = join(folder, `${voice}.bin`);
  const bytes = await readFile(path).catch((error: unknown) => {
    throw damaged(path, error);
  });
  const expected = STYLE_ROWS * STYLE_SIZE * Float32Array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) throw damaged(path, new Error(`${bytes.length} bytes instead of ${expected}`));
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

function damaged(path: string, cause: unknown): ResourceError {
  return new ResourceError(`The voice file ${path} cannot be read. Remove the voice and fetch it again.`, {
    code: 'engine-start-failed',
    cause,
  });
}

function remember(styles: Map<string, Float32Array>, voice: string, style: Float32Array): void {
  styles.delete(voice);
  styles.set(voice, style);
  const [oldest] = styles.keys();
  if (styles.size > KEPT_VOICES && oldest !== undefined) styles.delete(oldest);
}

async function loadPhonemeSource(): Promise<PhonemeSource> {
  const { pinyin } = await import('pinyin-pro');
  return {
    // Loaded with the first English word: a quarter of a second that nobody should wait for who speaks Chinese.
    english: async (text, voice) => (await import('phonemizer')).phonemize(text, voice),
    // The model learned tones as they are written, not as they change beside each other.
    pinyin: (characters) => pinyin(characters, { toneType: 'num', toneSandhi: false, type: 'array' }),
  };
}
