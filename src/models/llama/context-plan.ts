import { ResourceError } from '../../base/errors.ts';
import { damaged, type GgufHeader, type GgufValue } from './gguf-header.ts';

export interface ContextPlan {
  architecture: string;
  /** Tokens of one conversation, prompt and answer together. */
  contextLength: number;
  /** Conversations whose state stays in memory at once. */
  sequences: number;
  /** Tokens evaluated in one pass at most. */
  batchSize: number;
  /** Checkpoints kept per conversation; matters for hybrid and recurrent models only. */
  checkpoints: number;
  /** Bytes this plan is expected to take, weights included. */
  needBytes: number;
}

export interface PlanOptions {
  header: GgufHeader;
  /** Bytes that may be used in all: free memory, not installed memory. */
  availableBytes: number;
  /** Tokens the caller wants at most. */
  contextLength: number;
  maxSequences: number;
}

/** A companion with less has no memory worth the name; below it we say that the model does not fit. */
const shortestContext = 2048;
/** Room for the rest of the machine: other programs grow after we measured. */
const usableShare = 0.8;
/** Code, tokenizer and small buffers of the child process. */
const baseBytes = 160 * 2 ** 20;
const keyValueBytes = 2; // f16
/**
 * Tokens per pass: large enough for full matrix speed on a CPU, small enough for lightning layers, which build an
 * n_ubatch² x heads tensor, and for the logits buffer (vocabulary x batch x 4 bytes).
 */
const batchSize = 256;
/** Memory for one conversation's checkpoints. */
const checkpointBudgetBytes = 192 * 2 ** 20;

interface Shape {
  layers: number;
  embedding: number;
  keyValueBytesPerToken: number;
  recurrentBytes: number;
  trainedContext: number;
  vocabulary: number;
}

/**
 * Chooses the longest context, then the most parallel conversations, that fit into memory. Pure arithmetic over the
 * file's metadata, so that it is known before anything is loaded.
 * Throws `ResourceError` when not even a short context fits.
 */
export function planContext(options: PlanOptions): ContextPlan {
  const { header, availableBytes, maxSequences } = options;
  const architecture = header.metadata.get('general.architecture');
  if (typeof architecture !== 'string') throw damaged('it does not name its architecture');
  const shape = readShape(header, architecture);
  const wanted = Math.max(256, Math.min(options.contextLength, shape.trainedContext));
  const need = (contextLength: number, sequences: number): number =>
    header.fileBytes +
    baseBytes +
    batchSize * (shape.vocabulary + 8 * shape.embedding) * 4 +
    sequences * (contextLength * shape.keyValueBytesPerToken + shape.recurrentBytes);
  const usable = availableBytes * usableShare;
  for (let contextLength = wanted; ; contextLength = Math.floor(contextLength / 2)) {
    for (let sequences = Math.max(1, maxSequences); sequences >= 1; sequences--) {
      const needBytes = need(contextLength, sequences);
      if (needBytes > usable) continue;
      const checkpoints = clamp(Math.floor(checkpointBudgetBytes / Math.max(1, shape.recurrentBytes)), 3, 12);
      return { architecture, contextLength, sequences, batchSize, checkpoints, needBytes };
    }
    if (contextLength / 2 < Math.min(shortestContext, wanted)) {
      throw tooLarge(need(contextLength, 1), usable);
    }
  }
}

function tooLarge(needBytes: number, usableBytes: number): ResourceError {
  const gigabytes = (bytes: number): number => Math.round((bytes / 2 ** 30) * 10) / 10;
  return new ResourceError(
    `The model needs about ${gigabytes(needBytes)} GB of memory and ${gigabytes(usableBytes)} GB can be used now. ` +
      'Close other programs, or choose a smaller model.',
    {
      code: 'model-does-not-fit',
      details: { needGigabytes: gigabytes(needBytes), usableGigabytes: gigabytes(usableBytes) },
    },
  );
}

function readShape(header: GgufHeader, architecture: string): Shape {
  const read = (key: string): GgufValue | undefined => header.metadata.get(`${architecture}.${key}`);
  const number = (key: string): number | undefined => {
    const value = read(key);
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const demand = (key: string): number => {
    const value = number(key);
    if (value === undefined) throw damaged(`its metadata lacks ${architecture}.${key}`);
    return value;
  };
  const layers = demand('block_count');
  const embedding = demand('embedding_length');
  const heads = perLayer(read('attention.head_count'), layers, 1);
  const mostHeads = Math.max(1, ...heads);
  const keyValueHeads = perLayer(read('attention.head_count_kv'), layers, mostHeads);
  const keyLength = number('attention.key_length') ?? embedding / mostHeads;
  const valueLength = number('attention.value_length') ?? keyLength;
  const interval = number('full_attention_interval');
  const attends = (layer: number): boolean =>
    (keyValueHeads[layer] ?? 0) > 0 && (interval === undefined || (layer + 1) % interval === 0);
  let keyValueBytesPerToken = 0;
  let recurrentLayers = 0;
  for (let layer = 0; layer < layers; layer++) {
    if (attends(layer))
      keyValueBytesPerToken += (keyValueHeads[layer] ?? 0) * (keyLength + valueLength) * keyValueBytes;
    else recurrentLayers += 1;
  }
  const inner = number('ssm.inner_size') ?? mostHeads * keyLength;
  const recurrentBytes = recurrentLayers * inner * (number('ssm.state_size') ?? keyLength) * 4;
  return {
    layers,
    embedding,
    keyValueBytesPerToken,
    recurrentBytes,
    trainedContext: demand('context_length'),
    vocabulary: vocabularySize(header.metadata.get('tokenizer.ggml.tokens')),
  };
}

function vocabularySize(tokens: GgufValue | undefined): number {
  if (Array.isArray(tokens)) return tokens.length;
  if (typeof tokens === 'object' && 'skipped' in tokens) return tokens.length;
  throw damaged('it has no vocabulary');
}

function perLayer(value: GgufValue | undefined, layers: number, fallback: number): number[] {
  if (Array.isArray(value)) return value.map((item) => (typeof item === 'number' ? item : 0));
  return Array.from({ length: layers }, () => (typeof value === 'number' ? value : fallback));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
