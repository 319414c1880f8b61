import { open, readFile, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../../base/errors.ts';
import type { LocatedFiles } from '../../catalog/file-set.ts';
import { tokenBytes } from './byte-level-tokens.ts';
import { Ctranslate2File, damaged } from './ctranslate2-file.ts';
import { WeightReader } from './weight-reader.ts';
import { BUNDLE_MAGIC, joinTokens, type BundleHead, type WhisperTokens } from './whisper-bundle.ts';
import { decoderGraph, encoderGraph } from './whisper-graphs.ts';
import type { WhisperDimensions } from './whisper-layers.ts';

const MOST_TEXT_BYTES = 16 << 20;
/** Whisper large has 32. */
const MOST_LAYERS = 64;

const configSchema = z.object({
  lang_ids: z.array(z.int().nonnegative()).min(1).max(1000),
  suppress_ids: z.array(z.int().nonnegative()).max(10_000),
  suppress_ids_begin: z.array(z.int().nonnegative()).max(10_000),
});

/**
 * Writes a multilingual Whisper of CTranslate2 as one file for onnxruntime (`whisper-bundle.ts`), its matrices in bytes
 * with a scale for every 32 weights. `inputs` names `ctranslate2` (`model.bin`), `vocabulary` (`vocabulary.txt`, a
 * byte-level token a line) and `config` (`config.json`). The result depends on the inputs alone, byte for byte; some 10 MB
 * are held at a time. Throws `InvalidInputError` (`weights-damaged`, `weights-unknown`, `weights-incomplete`) for inputs
 * that are something else, and leaves nothing at `target` then.
 */
export async function convertCtranslate2Whisper({
  inputs,
  target,
  signal,
}: {
  inputs: LocatedFiles;
  target: string;
  signal: AbortSignal;
}): Promise<void> {
  const { ctranslate2, vocabulary, config } = inputs;
  if (!ctranslate2 || !vocabulary || !config) {
    throw new InvalidInputError('The converter needs the files "ctranslate2", "vocabulary" and "config".', {
      code: 'weights-incomplete',
    });
  }
  await using model = await Ctranslate2File.open(ctranslate2, signal);
  const dimensions = await readDimensions(model);
  const lines = await readVocabulary(vocabulary, dimensions.vocabulary);
  const tokens = findTokens(lines, await readConfig(config));
  const words = joinTokens(lines.slice(0, tokens.end).map(tokenBytes));
  const weights = new WeightReader(model, signal);
  const [encoder, decoder] = [encoderGraph(weights, dimensions), decoderGraph(weights, dimensions)];
  const sections = { encoder: encoder.byteLength, decoder: decoder.byteLength, vocabulary: words.length };
  const output = await open(target, 'w');
  try {
    await output.appendFile(bundleStart({ dimensions, tokens, sections }));
    for await (const bytes of encoder.write()) await output.appendFile(bytes);
    for await (const bytes of decoder.write()) await output.appendFile(bytes);
    await output.appendFile(words);
    await output.sync();
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  } finally {
    await output.close();
  }
}

function bundleStart(head: BundleHead): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([BUNDLE_MAGIC, length, text]);
}

async function readDimensions(model: Ctranslate2File): Promise<WhisperDimensions> {
  if (model.specification !== 'WhisperSpec') {
    throw new InvalidInputError(`The model is a ${model.specification} of CTranslate2, not a Whisper.`, {
      code: 'weights-unknown',
    });
  }
  const [audioContext = 0, audioState = 0] = matrixShape(model, 'encoder/position_encodings/encodings');
  const [textContext = 0, textState = 0] = matrixShape(model, 'decoder/position_encodings/encodings');
  const [vocabulary = 0] = matrixShape(model, 'decoder/embeddings/weight');
  const dimensions = {
    vocabulary,
    audioContext,
    audioState,
    audioHeads: await readNumber(model, 'encoder/num_heads'),
    audioLayers: countLayers(model, 'encoder'),
    textContext,
    textState,
    textHeads: await readNumber(model, 'decoder/num_heads'),
    textLayers: countLayers(model, 'decoder'),
    melBands: model.require('encoder/conv1/weight').shape[1] ?? 0,
  };
  const wrong = Object.entries(dimensions).find(([, value]) => !Number.isInteger(value) || value < 1);
  if (wrong) throw damaged(`${wrong[0]} is ${wrong[1]}`);
  if (audioState % dimensions.audioHeads !== 0 || textState % dimensions.textHeads !== 0) {
    throw damaged('its heads do not share its width');
  }
  return dimensions;
}

function matrixShape(model: Ctranslate2File, name: string): number[] {
  const { shape } = model.require(name);
  if (shape.length !== 2) throw damaged(`${name} is not a matrix`);
  return shape;
}

async function readNumber(model: Ctranslate2File, name: string): Promise<number> {
  const [value = 0] = await model.read(model.require(name, []), 0, 1);
  return value;
}

function countLayers(model: Ctranslate2File, part: string): number {
  for (let layer = 0; layer <= MOST_LAYERS; layer += 1) {
    if (!model.find(`${part}/layer_${layer}/ffn/layer_norm/gamma`)) return layer;
  }
  throw damaged(`its ${part} has more than ${MOST_LAYERS} layers`);
}

async function readVocabulary(path: string, expected: number): Promise<string[]> {
  const lines = (await readText(path)).replace(/\n$/, '').split('\n');
  if (lines.length !== expected) throw damaged(`its vocabulary has ${lines.length} tokens instead of ${expected}`);
  return lines;
}

async function readConfig(path: string): Promise<z.infer<typeof configSchema>> {
  const text = await readText(path);
  try {
    return configSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new InvalidInputError(
      'The speech model is damaged: its config.json is not one of Whisper. Download it again.',
      {
        code: 'weights-damaged',
        cause: error,
      },
    );
  }
}

async function readText(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MOST_TEXT_BYTES) throw damaged(`${path} has ${size} bytes`);
  return readFile(path, 'utf8');
}

function findTokens(lines: readonly string[], config: z.infer<typeof configSchema>): WhisperTokens {
  const find = (...names: string[]): number => {
    const found = names.map((name) => lines.indexOf(`<|${name}|>`)).find((index) => index >= 0);
    if (found === undefined) throw damaged(`its vocabulary has no <|${names[0]}|>; it is no multilingual Whisper`);
    return found;
  };
  const languages = config.lang_ids.map((id) => {
    const code = /^<\|([a-z]{2,3})\|>$/.exec(lines[id] ?? '')?.[1];
    if (code === undefined) throw damaged(`token ${id} is no language`);
    return [code, id] as const;
  });
  return {
    end: find('endoftext'),
    start: find('startoftranscript'),
    transcribe: find('transcribe'),
    previous: find('startofprev'),
    noSpeech: find('nospeech', 'nocaptions'),
    noTimestamps: find('notimestamps'),
    languages: Object.fromEntries(languages),
    suppressed: config.suppress_ids,
    suppressedFirst: config.suppress_ids_begin,
  };
}
