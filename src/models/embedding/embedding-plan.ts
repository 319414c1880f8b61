import { ResourceError } from '../../base/errors.ts';
import { damaged, type GgufHeader } from '../llama/gguf-header.ts';

/** How a model is run. Tokens, bytes. */
export interface EmbeddingPlan {
  contextSize: number;
  /** Read of a text, the two marks around it included. */
  readTokens: number;
  dimensions: number;
  /** What the process will take, at most. */
  memoryBytes: number;
}

/**
 * Memory of a loaded model: the runtime, the file, the vocabulary, and a buffer of floats for every token of the longest
 * text and every piece of the vocabulary, which llama.cpp makes though an encoder has no use for it. Measured: 228 MB with
 * MiniLM (30,522 pieces, 256 tokens), 945 MB with E5 in 4 bits (250,037 pieces, 256 tokens).
 */
const RUNTIME_BYTES = 120 * 2 ** 20;
const BYTES_PER_PIECE = 2048;
const BYTES_PER_PIECE_AND_TOKEN = 4;

/** Encoders whose metadata is checked here; others have never been tried. */
const ARCHITECTURE = 'bert';
/** llama.cpp ends its process where one of these is missing (`src/models/bert.cpp`). */
const REQUIRED_NUMBERS = [
  'block_count',
  'feed_forward_length',
  'attention.head_count',
  'attention.layer_norm_epsilon',
] as const;
/** `llama_pooling_type`: mean, first token. */
const POOLINGS: ReadonlySet<unknown> = new Set([1, 2]);
/** An input as long as the context, or one or two tokens shorter, is refused by the engine. */
const SPARE_TOKENS = 3;
/** What is left of a text must still say something. */
const FEWEST_TOKENS = 16;

/**
 * Checks the metadata of an embedding model before it is loaded, for llama.cpp ends its process on some faults and
 * gives wrong vectors on others, and says how to run it. Throws `ResourceError` naming the fault.
 */
export function planEmbedding({
  header,
  dimensions,
  maxTokens,
}: {
  header: GgufHeader;
  dimensions: number;
  maxTokens: number;
}): EmbeddingPlan {
  const { metadata } = header;
  const architecture = metadata.get('general.architecture');
  if (architecture !== ARCHITECTURE) {
    const kind = typeof architecture === 'string' ? architecture.slice(0, 40) : 'unknown';
    throw new ResourceError(
      `The file is a model of the kind “${kind}”, which gives no embeddings here. Choose another model.`,
      { code: 'embedding-architecture' },
    );
  }
  for (const key of REQUIRED_NUMBERS) requireNumber(header, key);
  if (!POOLINGS.has(metadata.get(`${ARCHITECTURE}.pooling_type`))) throw damaged('it does not say how it is pooled');
  if (requireNumber(header, 'embedding_length') !== dimensions) {
    throw damaged(`its vectors do not have ${dimensions} dimensions`);
  }
  const trained = requireNumber(header, 'context_length');
  const readTokens = Math.min(maxTokens, trained - SPARE_TOKENS);
  if (readTokens < FEWEST_TOKENS) throw damaged(`it reads only ${trained} tokens`);
  // Beyond what it was trained for there are no positions, and the process ends.
  const contextSize = Math.min(trained, readTokens + SPARE_TOKENS);
  const perPiece = BYTES_PER_PIECE + BYTES_PER_PIECE_AND_TOKEN * readTokens;
  const memoryBytes = RUNTIME_BYTES + header.fileBytes + countPieces(header) * perPiece;
  return { contextSize, readTokens, dimensions, memoryBytes };
}

function countPieces({ metadata }: GgufHeader): number {
  const pieces = metadata.get('tokenizer.ggml.tokens');
  if (typeof pieces === 'object' && 'length' in pieces && pieces.length > 0) return pieces.length;
  throw damaged('it has no vocabulary');
}

function requireNumber({ metadata }: GgufHeader, key: string): number {
  const value = metadata.get(`${ARCHITECTURE}.${key}`);
  if (typeof value !== 'number' || !(value > 0)) throw damaged(`it does not say its ${key}`);
  return value;
}
