import type { MeteredKind, Usage, UsageSource } from '../../../contract/metering.ts';
import type { Clock } from '../../base/clock.ts';
import { NO_USAGE } from '../../metering/cost.ts';
import type { Meter } from '../../metering/meter.ts';
import type { OnAccount } from './bill.ts';
import { OpenBill } from './open-bill.ts';
import type { Tab } from './tab.ts';

export interface Work {
  ref: string;
  kind: MeteredKind;
  /** The most that it may use before it says more. */
  estimate: Partial<Usage>;
  /** Who counts. */
  source: UsageSource;
}

/** A bill for one piece of work. */
export interface WorkBill {
  bill: OpenBill;
  /** The piece is done: a bill of its own is settled, one on a tab stays open. */
  done(): Promise<void>;
}

/** Opens bills for what models do on somebody's account. */
export class Cashier {
  readonly #meter: Meter;
  readonly #clock: Clock;

  constructor({ meter, clock }: { meter: Meter; clock: Clock }) {
    this.#meter = meter;
    this.#clock = clock;
  }

  /** Throws `RateLimitedError` (`insufficient-quota`). */
  async open(work: Work, { account, tab }: { account: OnAccount; tab?: Tab | undefined }): Promise<WorkBill> {
    const open = () => this.#begin(work, account);
    const shared = tab?.find(`${work.kind} ${work.ref}`, open);
    if (shared) {
      const bill = await shared;
      bill.signal.throwIfAborted();
      bill.begin();
      return { bill, done: async () => undefined };
    }
    const bill = await open();
    return { bill, done: () => bill.close() };
  }

  async #begin({ ref, kind, estimate, source }: Work, account: OnAccount): Promise<OpenBill> {
    const { payer, purpose, door = 'background', characterId = null, conversationId = null } = account;
    const metered = await this.#meter.begin({
      payer,
      door,
      purpose,
      kind,
      model: ref.slice(ref.indexOf(':') + 1),
      refs: [ref],
      estimate: { ...NO_USAGE, ...estimate },
      characterId,
      conversationId,
    });
    return new OpenBill(metered, { ref, clock: this.#clock, source });
  }
}
