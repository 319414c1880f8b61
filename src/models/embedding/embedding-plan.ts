import { ResourceError } from '../../base/errors.ts';
import { damaged, type GgufHeader } from '../llama/gguf-header.ts';

/** How a model is run. Tokens. */
export interface EmbeddingPlan {
  contextSize: number;
  /** Read of a text, the two marks around it included. */
  readTokens: number;
  dimensions: number;
}

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
  return { contextSize: Math.min(trained, readTokens + SPARE_TOKENS), readTokens, dimensions };
}

function requireNumber({ metadata }: GgufHeader, key: string): number {
  const value = metadata.get(`${ARCHITECTURE}.${key}`);
  if (typeof value !== 'number' || !(value > 0)) throw damaged(`it does not say its ${key}`);
  return value;
}
