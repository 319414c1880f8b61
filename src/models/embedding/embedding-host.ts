import type { Clock } from '../../base/clock.ts';
import { ResourceError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { EmbeddingEntry } from '../catalog/embedding-catalog.ts';
import type { LocatedFiles } from '../catalog/file-set.ts';
import { SupervisedProcess } from '../host/supervised-process.ts';
import { readGgufHeader } from '../llama/gguf-header.ts';
import type { EmbeddingHandle } from '../spec/embedding-handle.ts';
import { planEmbedding } from './embedding-plan.ts';
import type { EmbeddingInfo, EmbeddingMethods, EmbeddingStart } from './embedding-protocol.ts';
import { prepareText } from './prepare-text.ts';

export interface EmbeddingHostOptions {
  entry: EmbeddingEntry;
  files: LocatedFiles;
  /** 0 keeps the engine loaded. */
  idleUnloadInMs?: number;
  clock: Clock;
  logger: Logger;
  /** Bytes of memory that may be used; measured when absent. */
  availableBytes?: () => number;
}

/** A model that embeds texts, in a supervised child process of its own. Nothing is loaded before the first text. */
export interface EmbeddingHost extends AsyncDisposable {
  handle: EmbeddingHandle;
  /** Process id of the child; null while there is none. */
  readonly pid: number | null;
  /** Frees the memory now; the next text loads again. */
  unload(): Promise<void>;
}

/** A vocabulary of 250,000 pieces takes seconds to load, and a reply waits for its query. */
const defaultIdleUnloadInMs = 30 * 60_000;
/** The buffers of the longest text are made when it loads and are no growth. */
const mostGrowthInBytes = 200 * 2 ** 20;
/** Texts of one request: stopping costs one text, a child that dies costs these at most. */
const TEXTS_PER_REQUEST = 16;

export function createEmbeddingHost(options: EmbeddingHostOptions): EmbeddingHost {
  const { entry, clock, logger } = options;
  const child = new SupervisedProcess<EmbeddingMethods, EmbeddingInfo>({
    program: new URL('./embedding-program.ts', import.meta.url),
    name: 'The embedding engine',
    startOptions: () => startOptions(options),
    idleUnloadInMs: options.idleUnloadInMs ?? defaultIdleUnloadInMs,
    recycle: { growthInBytes: mostGrowthInBytes },
    logger,
    clock,
  });
  return {
    handle: new LocalEmbedding(entry, child),
    get pid() {
      return child.pid ?? null;
    },
    unload: () => child.unload(),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

async function startOptions({
  entry,
  files,
  availableBytes = () => process.availableMemory(),
}: EmbeddingHostOptions): Promise<EmbeddingStart> {
  const modelPath = files['model'];
  if (modelPath === undefined) {
    throw new ResourceError(`The weights of ${entry.label} are missing; fetch it again.`, {
      code: 'model-file-missing',
    });
  }
  const { dimensions, maxTokens } = entry;
  const header = await readGgufHeader(modelPath);
  const plan = planEmbedding({ header, dimensions, maxTokens });
  requireMemory(entry, plan.memoryBytes, availableBytes());
  return { modelPath, plan };
}

function requireMemory({ label }: EmbeddingEntry, needed: number, available: number): void {
  if (available >= needed) return;
  const [neededMb, availableMb] = [needed, available].map((bytes) => Math.ceil(bytes / 1_000_000));
  throw new ResourceError(
    `${label} needs about ${neededMb} MB of memory, and only ${availableMb} MB are free. ` +
      'Close other programs, or choose a smaller embedding model.',
    { code: 'no-memory', details: { neededBytes: Math.ceil(needed), freeBytes: available } },
  );
}

class LocalEmbedding implements EmbeddingHandle {
  readonly ref: string;
  readonly label: string;
  readonly place = 'local';
  readonly dimensions: number;
  readonly maxTokens: number;
  readonly languages: readonly string[];
  readonly #entry: EmbeddingEntry;
  readonly #child: SupervisedProcess<EmbeddingMethods, EmbeddingInfo>;

  constructor(entry: EmbeddingEntry, child: SupervisedProcess<EmbeddingMethods, EmbeddingInfo>) {
    this.ref = `local:${entry.id}`;
    this.label = entry.label;
    this.dimensions = entry.dimensions;
    this.maxTokens = entry.maxTokens;
    this.languages = entry.languages;
    this.#entry = entry;
    this.#child = child;
  }

  async embed(
    texts: readonly string[],
    { kind, signal }: { kind: 'query' | 'passage'; signal: AbortSignal },
  ): Promise<Float32Array[]> {
    signal.throwIfAborted();
    const { dimensions, maxTokens, prefixes } = this.#entry;
    const vectors = texts.map(() => new Float32Array(dimensions));
    const wanted = texts.flatMap((text, index) => {
      const prepared = prepareText(text, { prefix: prefixes[kind], maxTokens });
      return prepared === null ? [] : [{ index, prepared }];
    });
    for (let first = 0; first < wanted.length; first += TEXTS_PER_REQUEST) {
      const batch = wanted.slice(first, first + TEXTS_PER_REQUEST);
      const params = { texts: batch.map(({ prepared }) => prepared), kind };
      const answer = await this.#child.request('embed', params, { signal });
      for (const [position, { index }] of batch.entries()) {
        vectors[index] = answer.vectors.slice(position * dimensions, (position + 1) * dimensions);
      }
    }
    return vectors;
  }
}
