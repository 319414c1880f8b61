import type { Team } from '../../../contract/teams.ts';
import type { HouseProcess } from './house-process.ts';

const REQUESTS = 500;
const PAID = 100;
/** Tokens of the answer that they ask for. */
const ANSWER_TOKENS = 6;

/** Many who ask at once with one key, whose account never has money for more than a few of them. */
export class PayingCrowd {
  readonly #tokenPrice: number;
  readonly #account: string;
  readonly #key: string;
  readonly answered = new Set<string>();
  paidFor = 0;

  private constructor({ tokenPrice, account, key }: { tokenPrice: number; account: string; key: string }) {
    this.#tokenPrice = tokenPrice;
    this.#account = account;
    this.#key = key;
  }

  static async gather({ owner }: HouseProcess, { tokenPrice }: { tokenPrice: number }): Promise<PayingCrowd> {
    const team = await owner.call<Team>('POST', '/api/platform/teams', { name: 'Crowd' });
    const account = team.accountId;
    await owner.call('PATCH', `/api/platform/accounts/${account}`, { creditLimit: 0 });
    const request = { name: 'Crowd', scopes: ['models'], teamId: team.id };
    const { key } = await owner.call<{ key: string }>('POST', '/api/platform/keys', request);
    return new PayingCrowd({ tokenPrice, account, key });
  }

  get account(): string {
    return this.#account;
  }

  get credited(): number {
    return this.paidFor * ANSWER_TOKENS * this.#tokenPrice;
  }

  /** Money for a few. */
  async pay({ owner }: HouseProcess): Promise<void> {
    await owner.call('POST', `/api/platform/accounts/${this.#account}/credits`, {
      amount: PAID * ANSWER_TOKENS * this.#tokenPrice,
      note: 'For a few',
    });
    this.paidFor += PAID;
  }

  /** Resolves when everybody was answered, refused, or cut off. */
  async ask({ address }: HouseProcess): Promise<void> {
    const request = {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'test',
        max_tokens: ANSWER_TOKENS,
        messages: [{ role: 'user', content: 'short' }],
      }),
    };
    const one = async () => {
      const response = await fetch(`${address}/v1/chat/completions`, request);
      await response.arrayBuffer();
      if (response.status === 200) this.answered.add(response.headers.get('x-request-id') ?? '');
    };
    await Promise.allSettled(Array.from({ length: REQUESTS }, one));
  }
}
