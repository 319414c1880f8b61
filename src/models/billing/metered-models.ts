import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { estimateTokens } from '../remote/estimate-tokens.ts';
import type { ModelDirectory } from '../routing/model-directory.ts';
import type { ModelHandle, BillableModel } from '../spec/model-handle.ts';
import type { Bill } from './bill.ts';
import type { Cashier, WorkBill } from './cashier.ts';
import { textOfPrompt } from './count-prompt.ts';
import { UsedTokens } from './used-tokens.ts';

type Charged = Extract<Bill, { account: unknown }>;

/** Tokens set aside for an answer at first; more are set aside while it grows. */
const FIRST_SLICE_TOKENS = 512;

/** The house's language models, which work for nobody before it is said who pays. */
export class MeteredModels implements ModelDirectory {
  readonly #engines: ModelDirectory<ModelHandle>;
  readonly #cashier: Cashier;

  constructor(engines: ModelDirectory<ModelHandle>, cashier: Cashier) {
    this.#engines = engines;
    this.#cashier = cashier;
  }

  async resolve(ref: string | null, signal: AbortSignal): Promise<BillableModel> {
    const engine = await this.#engines.resolve(ref, signal);
    const { languageModel: _asked, ...facts } = engine;
    return { ...facts, billed: (bill) => this.#billed(engine, bill) };
  }

  #billed(engine: ModelHandle, bill: Bill): ModelHandle {
    if (!('account' in bill)) return engine;
    return { ...engine, languageModel: charge(engine, { cashier: this.#cashier, bill }) };
  }
}

/** The same model; each answer is a bill. */
function charge(engine: ModelHandle, { cashier, bill }: { cashier: Cashier; bill: Charged }): LanguageModelV4 {
  const { languageModel } = engine;
  const { specificationVersion, provider, modelId, supportedUrls } = languageModel;
  const begin = async (call: LanguageModelV4CallOptions) => {
    const inputTokens = estimateTokens(`${textOfPrompt(call.prompt)}${JSON.stringify(call.tools ?? [])}`);
    const outputTokens = Math.min(call.maxOutputTokens ?? FIRST_SLICE_TOKENS, FIRST_SLICE_TOKENS);
    const source = engine.place === 'provider' ? ('provider' as const) : ('tokenizer' as const);
    const estimate = { inputTokens, outputTokens };
    const work = await cashier.open({ ref: engine.ref, kind: 'text', estimate, source }, bill);
    const signals = call.abortSignal ? [call.abortSignal, work.bill.signal] : [work.bill.signal];
    return { work, used: new UsedTokens(inputTokens), asked: { ...call, abortSignal: AbortSignal.any(signals) } };
  };
  return {
    specificationVersion,
    provider,
    modelId,
    supportedUrls,
    doStream: async (call) => {
      const { work, used, asked } = await begin(call);
      const result = await failing(work, () => languageModel.doStream(asked));
      used.begin();
      const parts = counted(result.stream, { work, used, signal: call.abortSignal });
      return { ...result, stream: ReadableStream.from(parts) };
    },
    doGenerate: async (call) => {
      const { work, used, asked } = await begin(call);
      const result = await failing(work, () => languageModel.doGenerate(asked));
      used.take({ type: 'finish', ...result });
      void note(work, used);
      await work.done();
      return result;
    },
  };
}

async function failing<T>(work: WorkBill, ask: () => PromiseLike<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const reason = work.bill.fail(error);
    await work.done();
    throw reason;
  }
}

async function* counted(
  stream: ReadableStream<LanguageModelV4StreamPart>,
  { work, used, signal }: { work: WorkBill; used: UsedTokens; signal: AbortSignal | undefined },
): AsyncGenerator<LanguageModelV4StreamPart> {
  let isWhole = false;
  try {
    for await (const part of stream) {
      const kept = used.take(part) ? note(work, used) : null;
      if (kept) await kept;
      isWhole ||= part.type === 'finish';
      if (part.type === 'error') yield { ...part, error: work.bill.fail(part.error) };
      else yield part;
    }
    if (work.bill.signal.aborted) throw work.bill.fail(null);
  } catch (error) {
    throw work.bill.fail(error);
  } finally {
    // Who has read enough leaves before the end, and has what was asked for.
    if (!isWhole && signal?.aborted) work.bill.stop();
    used.close();
    void note(work, used);
    await work.done();
  }
}

/** What to wait for before it is handed on. */
function note({ bill }: WorkBill, used: UsedTokens): Promise<void> | null {
  const { soFar } = used;
  if (used.isNothing && soFar.outputTokens === 0) return null;
  return bill.use(soFar, used.isCounted ? undefined : 'estimate');
}
