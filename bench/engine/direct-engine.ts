import { LlamaLogLevel, getLlama, type Llama, type LlamaContextSequence } from 'node-llama-cpp';

export interface DirectEngineOptions {
  path: string;
  threads: number;
  contextLength: number;
  sequences: number;
}

const measuredTokens = 64;

/** node-llama-cpp in this very process with the host's settings and nothing of ours: the reference for speed. */
export class DirectEngine implements AsyncDisposable {
  readonly #llama: Llama;
  readonly #sequence: LlamaContextSequence;

  private constructor(llama: Llama, sequence: LlamaContextSequence) {
    this.#llama = llama;
    this.#sequence = sequence;
  }

  static async open(options: DirectEngineOptions): Promise<DirectEngine> {
    const { path, threads, contextLength, sequences } = options;
    const llama = await getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      maxThreads: 0,
      logLevel: LlamaLogLevel.error,
    });
    const model = await llama.loadModel({ modelPath: path });
    const context = await model.createContext({ contextSize: contextLength, sequences, batchSize: 256, threads });
    return new DirectEngine(llama, context.getSequence());
  }

  /** Greedy generation after a short prompt. */
  async tokensPerSecond(): Promise<number> {
    const sequence = this.#sequence;
    await sequence.clearHistory();
    const prompt = sequence.model.tokenize('Tell a long story about the sea.');
    let count = 0;
    let start = 0;
    for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
      if (count === 0) start = performance.now();
      sequence.model.detokenize([token]);
      if (++count > measuredTokens) break;
    }
    return (measuredTokens * 1000) / (performance.now() - start);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#llama.dispose();
  }
}
