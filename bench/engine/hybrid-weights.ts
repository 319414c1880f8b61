import { createHash } from 'node:crypto';
import { mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readGgufHeader, type GgufValue } from '../../src/models/llama/gguf-header.ts';

/**
 * Writes a small GGUF of the `qwen35` architecture (gated DeltaNet, every fourth layer full attention) with random
 * weights and the tokenizer of another GGUF. It says nothing sensible, but it loads, costs time and keeps state exactly
 * like a real hybrid model. Tensor names and shapes: llama.cpp `src/models/qwen35.cpp`.
 */
export interface HybridShape {
  embedding: number;
  feedForward: number;
  layers: number;
  /** Attention heads, and value heads of the linear layers. */
  heads: number;
  keyValueHeads: number;
  headLength: number;
  contextLength: number;
}

/** About 40 million weights besides the embedding: a 2,000-token prompt takes a few seconds on one core. */
export const benchShape: HybridShape = {
  embedding: 512,
  feedForward: 1536,
  layers: 12,
  heads: 8,
  keyValueHeads: 2,
  headLength: 64,
  contextLength: 32768,
};

const convolutionKernel = 4;
const attentionInterval = 4;
const alignment = 32;
const typeF32 = 0;
const typeQ8 = 8;
const q8BlockElements = 32;
const q8BlockBytes = 34;
/** f16 bits of 2^-12: int8 values times this have a standard deviation of about 0.018. */
const q8Scale = 0x0c00;

interface Tensor {
  name: string;
  dimensions: number[];
  /** A constant for vectors (f32), random for matrices (Q8_0). */
  fill: { constant: number } | 'random' | 'random-f32';
}

/** Writes the file unless it is there already. Returns its sha256. */
export async function writeHybridWeights(options: {
  path: string;
  tokenizerFrom: string;
  shape: HybridShape;
}): Promise<string> {
  const { path, tokenizerFrom, shape } = options;
  const source = await readGgufHeader(tokenizerFrom, { keepArrays: true });
  const vocabulary = listOf(source.metadata.get('tokenizer.ggml.tokens')).length;
  const tensors = hybridTensors(shape, vocabulary);
  const bytes = Buffer.concat([headerOf(tensors, metadataOf(shape, source.metadata)), ...dataOf(tensors)]);
  const present = await stat(path).catch(() => null);
  if (present?.size !== bytes.length) {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    const file = await open(temporary, 'w');
    await file.write(bytes);
    await file.close();
    await rename(temporary, path);
  }
  return createHash('sha256').update(bytes).digest('hex');
}

function hybridTensors(shape: HybridShape, vocabulary: number): Tensor[] {
  const { embedding, feedForward, heads, headLength } = shape;
  const inner = heads * headLength;
  const matrix = (name: string, input: number, output: number): Tensor => ({
    name: `${name}.weight`,
    dimensions: [input, output],
    fill: 'random',
  });
  const vector = (name: string, length: number, constant: number): Tensor => ({
    name,
    dimensions: [length],
    fill: { constant },
  });
  const tensors = [matrix('token_embd', embedding, vocabulary), vector('output_norm.weight', embedding, 1)];
  for (let layer = 0; layer < shape.layers; layer++) {
    const block = `blk.${layer}.`;
    tensors.push(
      vector(`${block}attn_norm.weight`, embedding, 1),
      vector(`${block}post_attention_norm.weight`, embedding, 1),
    );
    if ((layer + 1) % attentionInterval === 0) {
      tensors.push(
        matrix(`${block}attn_q`, embedding, 2 * inner),
        matrix(`${block}attn_k`, embedding, shape.keyValueHeads * headLength),
        matrix(`${block}attn_v`, embedding, shape.keyValueHeads * headLength),
        matrix(`${block}attn_output`, inner, embedding),
        vector(`${block}attn_q_norm.weight`, headLength, 1),
        vector(`${block}attn_k_norm.weight`, headLength, 1),
      );
    } else {
      tensors.push(
        matrix(`${block}attn_qkv`, embedding, 3 * inner),
        matrix(`${block}attn_gate`, embedding, inner),
        { name: `${block}ssm_conv1d.weight`, dimensions: [convolutionKernel, 3 * inner], fill: 'random-f32' },
        vector(`${block}ssm_dt.bias`, heads, -2),
        vector(`${block}ssm_a`, heads, -1),
        matrix(`${block}ssm_beta`, embedding, heads),
        matrix(`${block}ssm_alpha`, embedding, heads),
        vector(`${block}ssm_norm.weight`, headLength, 1),
        matrix(`${block}ssm_out`, inner, embedding),
      );
    }
    tensors.push(
      matrix(`${block}ffn_gate`, embedding, feedForward),
      matrix(`${block}ffn_up`, embedding, feedForward),
      matrix(`${block}ffn_down`, feedForward, embedding),
    );
  }
  return tensors;
}

type Typed =
  | { type: 'u32'; value: number }
  | { type: 'f32'; value: number }
  | { type: 'text'; value: string }
  | { type: 'texts'; value: string[] }
  | { type: 'i32s'; value: number[] };

function metadataOf(shape: HybridShape, source: ReadonlyMap<string, GgufValue>): [string, Typed][] {
  const u32 = (value: number): Typed => ({ type: 'u32', value });
  const text = (key: string): Typed => ({ type: 'text', value: textOf(source.get(key)) });
  const texts = (key: string): Typed => ({ type: 'texts', value: listOf(source.get(key)).map(textOf) });
  const id = (key: string): Typed => u32(Number(source.get(key)));
  return [
    ['general.architecture', { type: 'text', value: 'qwen35' }],
    ['general.name', { type: 'text', value: 'Random hybrid' }],
    ['qwen35.block_count', u32(shape.layers)],
    ['qwen35.context_length', u32(shape.contextLength)],
    ['qwen35.embedding_length', u32(shape.embedding)],
    ['qwen35.feed_forward_length', u32(shape.feedForward)],
    ['qwen35.attention.head_count', u32(shape.heads)],
    ['qwen35.attention.head_count_kv', u32(shape.keyValueHeads)],
    ['qwen35.attention.key_length', u32(shape.headLength)],
    ['qwen35.attention.value_length', u32(shape.headLength)],
    ['qwen35.attention.layer_norm_rms_epsilon', { type: 'f32', value: 1e-6 }],
    ['qwen35.rope.dimension_count', u32(shape.headLength / 2)],
    ['qwen35.rope.dimension_sections', { type: 'i32s', value: [8, 4, 4, 0] }],
    ['qwen35.rope.freq_base', { type: 'f32', value: 10_000_000 }],
    ['qwen35.full_attention_interval', u32(attentionInterval)],
    ['qwen35.ssm.conv_kernel', u32(convolutionKernel)],
    ['qwen35.ssm.inner_size', u32(shape.heads * shape.headLength)],
    ['qwen35.ssm.state_size', u32(shape.headLength)],
    ['qwen35.ssm.time_step_rank', u32(shape.heads)],
    ['qwen35.ssm.group_count', u32(shape.heads)],
    ['tokenizer.ggml.model', text('tokenizer.ggml.model')],
    ['tokenizer.ggml.pre', text('tokenizer.ggml.pre')],
    ['tokenizer.ggml.tokens', texts('tokenizer.ggml.tokens')],
    ['tokenizer.ggml.token_type', { type: 'i32s', value: listOf(source.get('tokenizer.ggml.token_type')).map(Number) }],
    ['tokenizer.ggml.merges', texts('tokenizer.ggml.merges')],
    ['tokenizer.ggml.bos_token_id', id('tokenizer.ggml.bos_token_id')],
    ['tokenizer.ggml.eos_token_id', id('tokenizer.ggml.eos_token_id')],
    ['tokenizer.chat_template', text('tokenizer.chat_template')],
  ];
}

function listOf(value: GgufValue | undefined): GgufValue[] {
  if (!Array.isArray(value)) throw new Error('The tokenizer file lacks one of its lists.');
  return value;
}

function textOf(value: GgufValue | undefined): string {
  if (typeof value !== 'string') throw new Error('The tokenizer file lacks one of its texts.');
  return value;
}

function headerOf(tensors: readonly Tensor[], metadata: readonly [string, Typed][]): Buffer {
  const chunks: Buffer[] = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(metadata.length)];
  for (const [key, value] of metadata) chunks.push(textBytes(key), ...valueBytes(value));
  let offset = 0;
  for (const tensor of tensors) {
    chunks.push(textBytes(tensor.name), uint32(tensor.dimensions.length), ...tensor.dimensions.map(uint64));
    chunks.push(uint32(tensor.fill === 'random' ? typeQ8 : typeF32), uint64(offset));
    offset += padded(bytesOf(tensor));
  }
  const header = Buffer.concat(chunks);
  return Buffer.concat([header, Buffer.alloc(padded(header.length) - header.length)]);
}

function valueBytes(typed: Typed): Buffer[] {
  switch (typed.type) {
    case 'u32':
      return [uint32(4), uint32(typed.value)];
    case 'f32':
      return [uint32(6), Buffer.from(Float32Array.of(typed.value).buffer)];
    case 'text':
      return [uint32(8), textBytes(typed.value)];
    case 'texts':
      return [uint32(9), uint32(8), uint64(typed.value.length), ...typed.value.map(textBytes)];
    case 'i32s':
      return [uint32(9), uint32(5), uint64(typed.value.length), Buffer.from(Int32Array.from(typed.value).buffer)];
    default:
      return typed satisfies never;
  }
}

function* dataOf(tensors: readonly Tensor[]): Generator<Buffer> {
  const random = xorshift(0x9e3779b9);
  for (const tensor of tensors) {
    const data = Buffer.alloc(padded(bytesOf(tensor)));
    if (tensor.fill === 'random') fillQ8(data, bytesOf(tensor), random);
    else {
      for (let position = 0; position < bytesOf(tensor); position += 4) {
        const value = tensor.fill === 'random-f32' ? (random() / 2 ** 32 - 0.5) * 0.8 : tensor.fill.constant;
        data.writeFloatLE(value, position);
      }
    }
    yield data;
  }
}

/** The sum of four bytes is close enough to a normal distribution. */
function fillQ8(data: Buffer, length: number, random: () => number): void {
  for (let block = 0; block < length; block += q8BlockBytes) {
    data.writeUInt16LE(q8Scale, block);
    for (let index = 0; index < q8BlockElements; index++) {
      const bits = random();
      const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510;
      data.writeInt8(Math.max(-127, Math.min(127, sum >> 1)), block + 2 + index);
    }
  }
}

function bytesOf(tensor: Tensor): number {
  const elements = tensor.dimensions.reduce((product, dimension) => product * dimension, 1);
  return tensor.fill === 'random' ? (elements / q8BlockElements) * q8BlockBytes : elements * 4;
}

function padded(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}

function textBytes(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint64(bytes.length), bytes]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

/** Marsaglia's xorshift32: the same weights, and so the same sha256, everywhere. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
