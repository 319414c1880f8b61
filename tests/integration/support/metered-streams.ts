import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from '../../../src/storage/schema.ts';
import { providerFrame, startFakeProvider, type FakeProvider } from './fake-provider.ts';
import type { HouseProcess } from './house-process.ts';

/** Tokens of answers by the words that ask for them; the long ones never end before the kill. */
const STREAM_LENGTHS = { short: 6, long: 400 } as const;
export type StreamLength = keyof typeof STREAM_LENGTHS;
/** What answers: the model in the house, or a provider behind it. */
export type StreamModel = 'test' | 'far';
/** Between tokens, milliseconds: many streams, not fast ones. */
const DELAY_IN_MS = 40;
/** What a crash may cost of a stream: a second of it. */
const MOST_UNBILLED_TOKENS = 1000 / DELAY_IN_MS;

const tokensOf = (length: number) => Array.from({ length }, (_, index) => `${index} `);

export const meteredScript = {
  contextLength: 8192,
  rules: Object.entries(STREAM_LENGTHS).map(([contains, length]) => ({
    when: { contains },
    steps: [{ type: 'tokens' as const, tokens: tokensOf(length), delayInMs: DELAY_IN_MS }],
  })),
};

/** A provider that says the same, as fast. */
export function startMeteredProvider(): Promise<FakeProvider> {
  return startFakeProvider(async ({ body }, response) => {
    const length = JSON.stringify(body['messages']).includes('long') ? STREAM_LENGTHS.long : STREAM_LENGTHS.short;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const content of tokensOf(length)) {
      await delay(DELAY_IN_MS);
      if (response.destroyed) return;
      response.write(providerFrame({ content }));
    }
    response.end(`${providerFrame({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}data: [DONE]\n\n`);
  });
}

interface StreamRequest {
  model: StreamModel;
  length: StreamLength;
}

/** What one reader saw of an answer until the server was killed. */
export class SeenStream {
  readonly #request: StreamRequest;
  #requestId: string | null = null;
  #tokens = 0;
  #isWhole = false;

  constructor(request: StreamRequest) {
    this.#request = request;
  }

  get requestId(): string | null {
    return this.#requestId;
  }

  get isWhole(): boolean {
    return this.#isWhole;
  }

  get isBegun(): boolean {
    return this.#tokens > 0;
  }

  /** Resolves when the answer ends or breaks off. */
  async read({ address }: HouseProcess, key: string): Promise<void> {
    const { model, length } = this.#request;
    try {
      const response = await fetch(`${address}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: length }] }),
      });
      this.#requestId = response.headers.get('x-request-id');
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
  problem(call: Row<'meteredCall'> | undefined): string | null {
    if (this.#requestId === null) return null;
    if (!call) return `${this.#requestId} is lost`;
    const { state, outputTokens } = call;
    const whole = STREAM_LENGTHS[this.#request.length];
    if (this.#isWhole) return state === 'settled' && outputTokens === whole ? null : this.#describe(call);
    const isBilled = outputTokens >= this.#tokens - MOST_UNBILLED_TOKENS && outputTokens <= whole;
    return isBilled && state !== 'held' ? null : this.#describe(call);
  }

  /** Tokens that were read and are in no bill. */
  unbilled({ outputTokens }: Row<'meteredCall'>): number {
    return Math.max(0, this.#tokens - outputTokens);
  }

  #take(data: string): void {
    if (data === '[DONE]') this.#isWhole = true;
    if (/"content":"[^"]+"/.test(data)) this.#tokens += 1;
  }

  #describe({ id, state, outputTokens }: Row<'meteredCall'>): string {
    const { model, length } = this.#request;
    const seen = `${this.#tokens} tokens${this.#isWhole ? ' and its end' : ''}`;
    return `${id} (${model}, ${length}) is ${state} with ${outputTokens} tokens, its reader saw ${seen}`;
  }
}
