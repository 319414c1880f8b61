import { personally } from '../models/billing/payers.ts';
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Receipt } from '../../contract/messages.ts';
import { readBooksSettings } from '../metering/books-settings.ts';
import { NO_USAGE } from '../metering/cost.ts';
import type { CallEnd, Meter, MeteredCall, Settlement } from '../metering/meter.ts';
import { UsedTokens } from '../models/billing/used-tokens.ts';
import type { ModelHandle, BillableModel } from '../models/spec/model-handle.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';
import type { TurnRequest } from './turn-request.ts';

/** Tokens set aside for an answer at first; more are set aside while it grows. */
const FIRST_SLICE_TOKENS = 512;

/** Asks a model. */
export type OpenStream = (call: LanguageModelV4CallOptions) => Promise<ReadableStream<LanguageModelV4StreamPart>>;

/** How a turn ended, as its bill tells it. */
export type BillEnd = Pick<CallEnd, 'outcome' | 'errorCode' | 'firstTokenInMs' | 'durationInMs'>;

/**
 * What a reply costs: money is set aside before the model is asked, and all answers of the reply, between which tools
 * may run, are one bill. Whoever commits the reply settles it in that transaction.
 */
export class TurnBill {
  readonly #model: ModelHandle;
  readonly #metered: MeteredCall;
  readonly #used: UsedTokens;
  #end: BillEnd | null = null;

  constructor(model: BillableModel, { metered, promptTokens }: { metered: MeteredCall; promptTokens: number }) {
    this.#model = model.billed({ metered });
    this.#metered = metered;
    this.#used = new UsedTokens(promptTokens);
  }

  /** Throws `RateLimitedError` (`insufficient-quota`). */
  static async begin(
    meter: Meter,
    { model, request, assembled }: { model: BillableModel; request: TurnRequest; assembled: AssembledPrompt },
  ): Promise<TurnBill> {
    const promptTokens = assembled.segments.reduce((sum, { tokens }) => sum + tokens, 0);
    const outputTokens = Math.min(assembled.maxOutputTokens, FIRST_SLICE_TOKENS);
    const metered = await meter.begin({
      payer: request.payer ?? personally(request.conversation.ownerId),
      door: request.spoken ? 'call' : 'conversation',
      kind: 'text',
      model: model.ref.slice(model.ref.indexOf(':') + 1),
      refs: [model.ref],
      estimate: { ...NO_USAGE, inputTokens: promptTokens, outputTokens },
      characterId: request.character.id,
      conversationId: request.conversation.id,
    });
    return new TurnBill(model, { metered, promptTokens });
  }

  /** Fires when there is no money for more. */
  get signal(): AbortSignal {
    return this.#metered.signal;
  }

  /** Asks the model; what it answers is counted. */
  readonly open: OpenStream = async (call) => {
    const signals = call.abortSignal ? [call.abortSignal, this.signal] : [this.signal];
    const { stream } = await this.#model.languageModel.doStream({ ...call, abortSignal: AbortSignal.any(signals) });
    this.#used.begin();
    const count = (part: LanguageModelV4StreamPart) => this.#count(part);
    return stream.pipeThrough(
      new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
        transform: async (part, controller) => {
          const kept = count(part);
          if (kept) await kept;
          controller.enqueue(part);
        },
      }),
    );
  };

  /** How the turn ended; before it is settled. */
  close(end: BillEnd): void {
    this.#used.close();
    this.#end = end;
  }

  /** In the transaction of whoever commits the reply. Null where it cost nothing. */
  async settleIn(trx: Trx): Promise<Receipt['cost'] | null> {
    return priceTag(trx, await this.#metered.settleIn(trx, this.#callEnd()));
  }

  /** Where nothing is committed. */
  async settle(db: Db): Promise<Receipt['cost'] | null> {
    const { outcome, errorCode = null, durationInMs = null } = this.#end ?? { outcome: 'failed' };
    if (outcome === 'failed' && this.#used.isNothing) {
      await this.#metered.void({ outcome, errorCode, durationInMs });
      return null;
    }
    return priceTag(db, await this.#metered.settle(this.#callEnd()));
  }

  #callEnd(): CallEnd {
    const counted = this.#model.place === 'provider' ? 'provider' : 'tokenizer';
    return {
      ...(this.#end ?? { outcome: 'failed' }),
      ref: this.#model.ref,
      usage: this.#used.ended,
      usageSource: this.#used.isCounted ? counted : 'estimate',
    };
  }

  /** What to wait for before it is handed on. */
  #count(part: LanguageModelV4StreamPart): Promise<void> | null {
    if (!this.#used.take(part) || part.type === 'finish') return null;
    return this.#metered.progress(this.#used.soFar);
  }
}

async function priceTag(db: Db, { cost }: Settlement): Promise<Receipt['cost'] | null> {
  return cost === 0 ? null : { amount: cost, currency: (await readBooksSettings(db)).currency };
}
