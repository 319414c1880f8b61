import { availableParallelism } from 'node:os';
import {
  getLlama,
  getModuleVersion,
  LlamaLogLevel,
  type Llama,
  type LlamaEmbeddingContext,
  type LlamaModel,
} from 'node-llama-cpp';
import { errorMessage, ResourceError } from '../../base/errors.ts';
import type { CallContext, ChildLog } from '../host/child-server.ts';
import type { EmbeddingInfo, EmbeddingStart, EmbedParams } from './embedding-protocol.ts';
import { EmbeddingQueue } from './embedding-queue.ts';
import { unitVector } from './unit-vector.ts';

/** Beyond it small models gain nothing. */
const MOST_THREADS = 4;
/** Begin and end, which the engine adds. */
const MARKS = 2;

interface LoadedEmbedding {
  llama: Llama;
  model: LlamaModel;
  context: LlamaEmbeddingContext;
  start: EmbeddingStart;
  info: EmbeddingInfo;
}

/** The inside of the embedding child: one model, one context, one text at a time. */
export class EmbeddingEngine {
  readonly #loaded: LoadedEmbedding;
  readonly #queue = new EmbeddingQueue();

  private constructor(loaded: LoadedEmbedding) {
    this.#loaded = loaded;
  }

  static async load(start: EmbeddingStart, log: ChildLog): Promise<EmbeddingEngine> {
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      logLevel: LlamaLogLevel.error,
      logger: (level, message) =>
        log(level === LlamaLogLevel.error ? 'warn' : 'debug', 'embedding engine', { text: message.trim() }),
    });
    try {
      const model = await llama.loadModel({ modelPath: start.modelPath, ignoreMemorySafetyChecks: true });
      // A core stays free: threads wait for each other spinning, and a busy machine would make them ten times slower.
      const threads = Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1));
      const { contextSize } = start.plan;
      // The whole text in one batch: in a smaller one each part would see only itself, and the vector be wrong.
      const context = await model.createEmbeddingContext({
        contextSize,
        batchSize: contextSize,
        threads,
        ignoreMemorySafetyChecks: true,
      });
      await reserveBuffers({ model, context, start });
      const engineVersion = `node-llama-cpp ${await getModuleVersion()} llama.cpp ${llama.llamaCppRelease.release}`;
      return new EmbeddingEngine({ llama, model, context, start, info: { threads, engineVersion } });
    } catch (error) {
      await llama.dispose();
      throw new ResourceError(
        `The embedding model cannot be loaded: ${errorMessage(error)} Fetch it again, or free memory.`,
        { code: 'model-load-failed', cause: error },
      );
    }
  }

  get info(): EmbeddingInfo {
    return this.#loaded.info;
  }

  async embed({ texts, kind }: EmbedParams, { signal }: CallContext<never>): Promise<{ vectors: Float32Array }> {
    const { dimensions } = this.#loaded.start.plan;
    const vectors = new Float32Array(texts.length * dimensions);
    for (const [index, text] of texts.entries()) {
      const vector = await this.#queue.turn({ kind, signal }, () => this.#embedOne(text));
      vectors.set(vector, index * dimensions);
    }
    return { vectors };
  }

  async stop(): Promise<void> {
    await this.#loaded.context.dispose();
    await this.#loaded.llama.dispose();
  }

  async #embedOne(text: string): Promise<Float32Array> {
    const { model, context, start } = this.#loaded;
    const { dimensions, readTokens } = start.plan;
    const tokens = model.tokenize(text, false).slice(0, readTokens - MARKS);
    if (tokens.length === 0) return new Float32Array(dimensions);
    const { bos } = model.tokens;
    // Left out by the library before the vocabularies of XLM-R, whose models were all trained with it.
    if (bos !== null) tokens.unshift(bos);
    const { vector } = await context.getEmbeddingFor(tokens);
    if (vector.length !== dimensions) {
      throw new ResourceError(
        `The embedding model gave ${vector.length} dimensions where ${dimensions} were expected. Fetch it again.`,
        { code: 'embedding-wrong' },
      );
    }
    return unitVector(vector);
  }
}

/** Reads a text as long as any will be, so that what it takes of memory is taken before anybody counts growth. */
async function reserveBuffers({
  model,
  context,
  start,
}: Pick<LoadedEmbedding, 'model' | 'context' | 'start'>): Promise<void> {
  const [token] = model.tokenize('a', false);
  if (token === undefined) throw new Error('Its vocabulary has no letters.');
  await context.getEmbeddingFor(Array.from({ length: start.plan.readTokens - MARKS }, () => token));
}
