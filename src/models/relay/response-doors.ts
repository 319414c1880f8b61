import type { ProviderKind } from '../../../contract/models.ts';
import type { Clock } from '../../base/clock.ts';
import { createProviderFetch } from '../remote/provider-fetch.ts';
import { networkError } from '../remote/provider-errors.ts';
import { providerBaseUrl, providerFacts, type RemoteProvider } from '../remote/provider-kinds.ts';

/** Servers of which some have `/responses` and some have not: they are asked. */
const MAY_HAVE_IT: ReadonlySet<ProviderKind> = new Set(['openai', 'openai-compatible', 'ollama']);
/** What a server says that has no such address. */
const NO_SUCH_DOOR: ReadonlySet<number> = new Set([404, 405, 501]);
/** What one says that has it, to a request without a word in it. */
const WRONG_REQUEST: ReadonlySet<number> = new Set([400, 422]);
/** A server that was asked may be a newer one after this, milliseconds. */
const ASK_AGAIN_IN_MS = 10 * 60_000;
const PATIENCE_IN_MS = 15_000;

interface Known {
  has: boolean;
  at: number;
}

/**
 * Which providers have `POST /responses`. OpenAI's own address has; every other one is asked once with an empty request,
 * which costs nothing: whoever has it calls that wrong.
 */
export class ResponseDoors {
  readonly #options: { clock: Clock; fetch?: typeof fetch };
  readonly #known = new Map<string, Known>();

  constructor(options: { clock: Clock; fetch?: typeof fetch }) {
    this.#options = options;
  }

  /** Throws `UnavailableError` where the provider cannot be asked. */
  async has(
    provider: RemoteProvider,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (!MAY_HAVE_IT.has(provider.kind)) return false;
    const address = providerBaseUrl(provider);
    if (provider.kind === 'openai' && address === providerFacts('openai').baseUrl) return true;
    const now = this.#options.clock.monotonic();
    const known = this.#known.get(address);
    if (known && now - known.at < ASK_AGAIN_IN_MS) return known.has;
    const status = await this.#ask(provider, { address, headers, signal });
    const has = WRONG_REQUEST.has(status);
    // Whoever is ill, or wants another key, has not said whether they have it.
    if (has || NO_SUCH_DOOR.has(status)) this.#known.set(address, { has, at: now });
    return has;
  }

  async #ask(
    provider: RemoteProvider,
    { address, headers, signal }: { address: string; headers: Readonly<Record<string, string>>; signal: AbortSignal },
  ): Promise<number> {
    const send = createProviderFetch(provider, this.#options.fetch);
    const both = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_IN_MS)]);
    try {
      const response = await send(`${address}/responses`, { method: 'POST', headers, body: '{}', signal: both });
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      signal.throwIfAborted();
      throw networkError(provider, error);
    }
  }
}
