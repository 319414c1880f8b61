import type { OpenBill } from './open-bill.ts';

/**
 * One bill for much that belongs together, such as every clause of a call: opened by the first of each model, settled
 * when whoever began the tab closes it. A crash bills what was noted.
 */
export class Tab {
  readonly #bills = new Map<string, Promise<OpenBill>>();
  #isClosed = false;

  /** The bill under a key, or a new one. Undefined once the tab is closed. */
  find(key: string, open: () => Promise<OpenBill>): Promise<OpenBill> | undefined {
    if (this.#isClosed) return undefined;
    const known = this.#bills.get(key);
    if (known) return known;
    const opening = open();
    this.#bills.set(key, opening);
    // Who has no money now may have some for the next clause.
    opening.catch(() => this.#bills.delete(key));
    return opening;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const bills = await Promise.allSettled(this.#bills.values());
    await Promise.all(bills.flatMap((bill) => (bill.status === 'fulfilled' ? [bill.value.close()] : [])));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
