import type { Usage } from '../../../../contract/metering.ts';
import type { CallEnd, Meter, MeteredCall, MeterRequest } from '../../../metering/meter.ts';
import type { RateMeter } from './rate-meter.ts';

/** A meter whose calls also count against the tokens a minute of whoever pays: the prompt as it begins, the rest as it ends. */
export class RatedMeter implements Meter {
  readonly #meter: Meter;
  readonly #rates: RateMeter;

  constructor({ meter, rates }: { meter: Meter; rates: RateMeter }) {
    this.#meter = meter;
    this.#rates = rates;
  }

  async begin(request: MeterRequest): Promise<MeteredCall> {
    const call = await this.#meter.begin(request);
    const { payer, estimate } = request;
    this.#rates.spend(payer, estimate.inputTokens);
    const ended = ({ usage }: CallEnd) => this.#rates.spend(payer, beyond(usage, estimate));
    return {
      id: call.id,
      get signal() {
        return call.signal;
      },
      progress: (usage) => call.progress(usage),
      settle: (end) => {
        ended(end);
        return call.settle(end);
      },
      settleIn: (trx, end) => {
        ended(end);
        return call.settleIn(trx, end);
      },
      void: (reason) => call.void(reason),
    };
  }
}

/** Tokens that were not counted when the call began; fewer than 0 where the prompt was reckoned too long. */
function beyond(usage: Usage, estimate: Usage): number {
  return usage.outputTokens + usage.inputTokens - estimate.inputTokens;
}
