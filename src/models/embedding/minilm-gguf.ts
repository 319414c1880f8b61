import { readFile, stat } from 'node:fs/promises';
import { InvalidInputError } from '../../base/errors.ts';
import type { LocatedFiles } from '../catalog/file-set.ts';
import { writeGgufFile, type GgufField, type GgufTensorSource } from '../llama/gguf-writer.ts';
import { SafetensorsFile } from './safetensors-file.ts';

/** all-MiniLM-L6-v2 as its `config.json` and `1_Pooling/config.json` say. */
const LAYERS = 6;
const WIDTH = 384;
const INNER_WIDTH = 1536;
const HEADS = 12;
const POSITIONS = 512;
const TOKEN_TYPES = 2;
const LAYER_NORM_EPSILON = 1e-12;
const MEAN_POOLING = 1;
const VOCABULARY = 30_522;
const MOST_VOCABULARY_BYTES = 4 << 20;
/** Before a word's first piece, as llama.cpp keeps WordPiece vocabularies. */
const WORD_START = '\u2581';
const ORDINARY_TOKEN = 1;
const CONTROL_TOKEN = 3;
const CONTROL_TOKENS: ReadonlySet<string> = new Set(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']);

/**
 * Writes all-MiniLM-L6-v2 as a GGUF that llama.cpp loads (`conversion/bert.py`, `src/models/bert.cpp`): matrices as
 * F16, positions, token types and vectors as F32. `inputs` names `safetensors` and `vocabulary` (`vocab.txt`). The result
 * depends on the inputs alone, byte for byte; 47 MB are held at a time. Throws `InvalidInputError` (`weights-damaged`,
 * `weights-incomplete`) for inputs that are something else, and leaves nothing at `target` then.
 */
export async function convertMiniLm({
  inputs,
  target,
  signal,
}: {
  inputs: LocatedFiles;
  target: string;
  signal: AbortSignal;
}): Promise<void> {
  const { safetensors, vocabulary } = inputs;
  if (!safetensors || !vocabulary) {
    throw new InvalidInputError('The converter needs the files "safetensors" and "vocabulary".', {
      code: 'weights-incomplete',
    });
  }
  const tokens = await readVocabulary(vocabulary);
  await using weights = await SafetensorsFile.open(safetensors);
  await writeGgufFile(target, { metadata: metadata(tokens), tensors: bertTensors(weights, signal) });
}

async function readVocabulary(path: string): Promise<string[]> {
  if ((await stat(path)).size > MOST_VOCABULARY_BYTES) throw wrongVocabulary('is too long');
  const lines = (await readFile(path, 'utf8')).replace(/\n$/, '').split('\n');
  if (lines.length !== VOCABULARY) throw wrongVocabulary(`has ${lines.length} tokens instead of ${VOCABULARY}`);
  return lines.map((line) => line.replace(/\r$/, ''));
}

function wrongVocabulary(what: string): InvalidInputError {
  return new InvalidInputError(`The vocabulary ${what}.`, { code: 'weights-damaged' });
}

/** Without `feed_forward_length` or `head_count` llama.cpp ends its process; without `pooling_type` vectors are wrong. */
function metadata(tokens: readonly string[]): [string, GgufField][] {
  return [
    ['general.architecture', { type: 'string', value: 'bert' }],
    ['general.name', { type: 'string', value: 'all-MiniLM-L6-v2' }],
    ['general.license', { type: 'string', value: 'apache-2.0' }],
    ['bert.context_length', { type: 'uint32', value: POSITIONS }],
    ['bert.embedding_length', { type: 'uint32', value: WIDTH }],
    ['bert.block_count', { type: 'uint32', value: LAYERS }],
    ['bert.feed_forward_length', { type: 'uint32', value: INNER_WIDTH }],
    ['bert.attention.head_count', { type: 'uint32', value: HEADS }],
    ['bert.attention.layer_norm_epsilon', { type: 'float32', value: LAYER_NORM_EPSILON }],
    ['bert.attention.causal', { type: 'bool', value: false }],
    ['bert.pooling_type', { type: 'uint32', value: MEAN_POOLING }],
    ['tokenizer.ggml.model', { type: 'string', value: 'bert' }],
    ['tokenizer.ggml.token_type_count', { type: 'uint32', value: TOKEN_TYPES }],
    ['tokenizer.ggml.tokens', { type: 'strings', value: tokens.map(pieceOf) }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: tokens.map(kindOf) }],
  ];
}

function pieceOf(token: string): string {
  if (CONTROL_TOKENS.has(token)) return token;
  return token.startsWith('##') ? token.slice(2) : WORD_START + token;
}

function kindOf(token: string): number {
  return CONTROL_TOKENS.has(token) ? CONTROL_TOKEN : ORDINARY_TOKEN;
}

function bertTensors(weights: SafetensorsFile, signal: AbortSignal): GgufTensorSource[] {
  /** `shape`: outputs and inputs, as PyTorch keeps them; GGUF lists the fastest dimension first. */
  const tensor = (name: string, from: string, shape: readonly number[], type: 'F32' | 'F16'): GgufTensorSource => ({
    name,
    type,
    dimensions: shape.toReversed(),
    async *bytes() {
      signal.throwIfAborted();
      const values = await weights.floats(from, shape);
      const encoded = type === 'F16' ? new Float16Array(values) : values;
      yield new Uint8Array(encoded.buffer, encoded.byteOffset, encoded.byteLength);
    },
  });
  const linear = (name: string, from: string, [outputs, inputs]: readonly [number, number]) => [
    tensor(`${name}.weight`, `${from}.weight`, [outputs, inputs], 'F16'),
    tensor(`${name}.bias`, `${from}.bias`, [outputs], 'F32'),
  ];
  const norm = (name: string, from: string) => [
    tensor(`${name}.weight`, `${from}.weight`, [WIDTH], 'F32'),
    tensor(`${name}.bias`, `${from}.bias`, [WIDTH], 'F32'),
  ];
  const layer = (index: number) => {
    const [to, from] = [`blk.${index}`, `encoder.layer.${index}`];
    return [
      ...linear(`${to}.attn_q`, `${from}.attention.self.query`, [WIDTH, WIDTH]),
      ...linear(`${to}.attn_k`, `${from}.attention.self.key`, [WIDTH, WIDTH]),
      ...linear(`${to}.attn_v`, `${from}.attention.self.value`, [WIDTH, WIDTH]),
      ...linear(`${to}.attn_output`, `${from}.attention.output.dense`, [WIDTH, WIDTH]),
      ...norm(`${to}.attn_output_norm`, `${from}.attention.output.LayerNorm`),
      ...linear(`${to}.ffn_up`, `${from}.intermediate.dense`, [INNER_WIDTH, WIDTH]),
      ...linear(`${to}.ffn_down`, `${from}.output.dense`, [WIDTH, INNER_WIDTH]),
      ...norm(`${to}.layer_output_norm`, `${from}.output.LayerNorm`),
    ];
  };
  return [
    tensor('token_embd.weight', 'embeddings.word_embeddings.weight', [VOCABULARY, WIDTH], 'F16'),
    tensor('position_embd.weight', 'embeddings.position_embeddings.weight', [POSITIONS, WIDTH], 'F32'),
    tensor('token_types.weight', 'embeddings.token_type_embeddings.weight', [TOKEN_TYPES, WIDTH], 'F32'),
    ...norm('token_embd_norm', 'embeddings.LayerNorm'),
    ...Array.from({ length: LAYERS }, (_, index) => layer(index)).flat(),
  ];
}
