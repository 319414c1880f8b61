import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../../../src/storage/schema.ts';
import type { HouseProcess } from './house-process.ts';

/** Tokens of answers by the words that ask for them; the long ones never end before the kill. */
export const STREAM_LENGTHS = { short: 6, long: 400 } as const;
export type StreamLength = keyof typeof STREAM_LENGTHS;
/** Between tokens, milliseconds: many streams, not fast ones. */
const DELAY_IN_MS = 40;
/** What a crash may cost of a stream. */
const UNBILLED_IN_MS = 1000;

export const meteredScript = {
  contextLength: 8192,
  rules: Object.entries(STREAM_LENGTHS).map(([contains, length]) => ({
    when: { contains },
    steps: [
      {
        type: 'tokens' as const,
        tokens: Array.from({ length }, (_, index) => `${index} `),
        delayInMs: DELAY_IN_MS,
      },
    ],
  })),
};

/** Between two looks at a server's pulse, milliseconds. */
const PULSE_IN_MS = 50;

/** How long a server stood still at most, because others had the computer: then it could not write either. */
export class Pulse {
  readonly #address: string;
  readonly #ending = new AbortController();
  readonly #looking: Promise<void>;
  #longestInMs = 0;
  #askedAt = performance.now();

  constructor({ address }: HouseProcess) {
    this.#address = address;
    this.#looking = this.#look();
  }

  /** Ends looking; the answer that is still awaited counts too. */
  async end(): Promise<number> {
    const longest = Math.max(this.#longestInMs, performance.now() - this.#askedAt - PULSE_IN_MS);
    this.#ending.abort();
    await this.#looking;
    return longest;
  }

  async #look(): Promise<void> {
    const { signal } = this.#ending;
    try {
      while (!signal.aborted) {
        this.#askedAt = performance.now();
        await (await fetch(`${this.#address}/healthz`, { signal })).arrayBuffer();
        this.#longestInMs = Math.max(this.#longestInMs, performance.now() - this.#askedAt);
        await delay(PULSE_IN_MS, undefined, { signal });
      }
    } catch {
      // The end, or the server is gone.
    }
  }
}

/** What one reader saw of an answer until the server was killed. */
export class SeenStream {
  readonly #length: StreamLength;
  #callId: string | null = null;
  /** When each token came. */
  readonly #times: number[] = [];
  #isWhole = false;

  constructor(length: StreamLength) {
    this.#length = length;
  }

  get callId(): string | null {
    return this.#callId;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  get isBegun(): boolean {
    return this.#times.length > 0;
  }

  /** Resolves when the answer ends or breaks off. */
  async read({ address }: HouseProcess, key: string): Promise<void> {
    try {
      const response = await fetch(`${address}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'test', stream: true, messages: [{ role: 'user', content: this.#length }] }),
      });
      const decoder = new TextDecoder();
      let rest = '';
      for await (const bytes of response.body ?? []) {
        const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.#take(line.slice('data: '.length));
      }
    } catch {
      // The server is gone: what came until then counts.
    }
  }

  /** What the books say of this answer and should not. */
  problem(
    call: Row<'meteredCall'> | undefined,
    { killedAt, stoodStillInMs }: { killedAt: number; stoodStillInMs: number },
  ): string | null {
    if (this.#callId === null) return null;
    if (!call) return `${this.#callId} is lost`;
    const { state, outputTokens } = call;
    const whole = STREAM_LENGTHS[this.#length];
    if (this.#isWhole) return state === 'settled' && outputTokens === whole ? null : describe(call, `${whole} whole`);
    if (state === 'held') return describe(call, 'ended');
    const due = this.#times.filter((time) => time <= killedAt - UNBILLED_IN_MS - stoodStillInMs).length;
    return outputTokens < due || outputTokens > whole ? describe(call, `at least ${due}`) : null;
  }

  #take(data: string): void {
    if (data === '[DONE]') {
      this.#isWhole = true;
      return;
    }
    const [, id] = /"id":"chatcmpl-([^"]+)"/.exec(data) ?? [];
    this.#callId ??= id ?? null;
    if (/"content":"[^"]+"/.test(data)) this.#times.push(performance.now());
  }
}

function describe({ id, state, outputTokens }: Row<'meteredCall'>, expected: string): string {
  return `${id} is ${state} with ${outputTokens} tokens, expected ${expected}`;
}
