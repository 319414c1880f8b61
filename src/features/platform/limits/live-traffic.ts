import type { Meter, MeteredCall, MeterRequest } from '../../../metering/meter.ts';

/**
 * Programs that wait for a model of this computer, as people wait for replies: a meter that is *busy* from the beginning
 * of such a call to its end. Lines of batches wait for others and count as nobody.
 */
export class LiveTraffic implements Meter {
  readonly #meter: Meter;
  readonly #isLocal: (ref: string) => boolean;
  readonly #listeners = new Set<() => void>();
  #count = 0;

  constructor({ meter, isLocal }: { meter: Meter; isLocal: (ref: string) => boolean }) {
    this.#meter = meter;
    this.#isLocal = isLocal;
  }

  get busy(): boolean {
    return this.#count > 0;
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async begin(request: MeterRequest): Promise<MeteredCall> {
    const call = await this.#meter.begin(request);
    if (request.payer.inBatch || !request.refs.some(this.#isLocal)) return call;
    const leave = this.#enter();
    return {
      id: call.id,
      signal: call.signal,
      progress: (usage) => call.progress(usage),
      settle: (end) => call.settle(end).finally(leave),
      settleIn: (trx, end) => call.settleIn(trx, end).finally(leave),
      void: (reason) => call.void(reason).finally(leave),
    };
  }

  #enter(): () => void {
    let isIn = true;
    this.#change(1);
    return () => {
      if (isIn) this.#change(-1);
      isIn = false;
    };
  }

  #change(by: number): void {
    this.#count += by;
    for (const listener of this.#listeners) listener();
  }
}
