import type { Provider, ProviderKind, ProviderVerdict } from '../../../contract/models.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { NewId } from '../../base/ids.ts';
import { detectOllama } from '../../models/remote/detect-ollama.ts';
import { listModels } from '../../models/remote/list-models.ts';
import { testProvider } from '../../models/remote/test-provider.ts';
import { toRemoteProvider, type ProviderRecord, type ProviderStore } from '../../models/routing/provider-store.ts';

export interface ProvidersContext {
  store: ProviderStore;
  clock: Clock;
  newId: NewId;
}

export interface ProviderInput {
  kind: ProviderKind;
  name: string;
  baseUrl: string | null;
  apiKey?: string | undefined;
  models: string[];
}

/** Kinds whose address the owner must give. */
const NEEDS_ADDRESS: ReadonlySet<ProviderKind> = new Set(['openai-compatible']);
/** Kinds that answer without a key. */
const KEYLESS: ReadonlySet<ProviderKind> = new Set(['ollama', 'openai-compatible']);

/** Models of others, reached over the network with the owner's key. */
export class Providers {
  readonly #context: ProvidersContext;

  constructor(context: ProvidersContext) {
    this.#context = context;
  }

  async list(): Promise<Provider[]> {
    return (await this.#context.store.list()).map(present);
  }

  async create(actor: Actor, input: ProviderInput, signal: AbortSignal): Promise<Provider> {
    requireOwner(actor);
    const { clock, newId } = this.#context;
    const record = { id: newId(), createdAt: clock.now(), ...input, apiKey: input.apiKey ?? null };
    return this.#save(record, signal);
  }

  async update(
    actor: Actor,
    id: string,
    { input, signal }: { input: ProviderInput; signal: AbortSignal },
  ): Promise<Provider> {
    requireOwner(actor);
    const before = await this.#context.store.read(id);
    // A key belongs to the address it was given for: it is not sent to another one.
    const sameAddress = before.kind === input.kind && before.baseUrl === input.baseUrl;
    const apiKey = input.apiKey ?? (sameAddress ? before.apiKey : null);
    return this.#save({ ...before, ...input, apiKey }, signal);
  }

  async delete(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    await this.#context.store.delete(id);
  }

  async test(
    actor: Actor,
    input: { kind: ProviderKind; baseUrl: string | null; apiKey?: string | undefined; providerId?: string | undefined },
    signal: AbortSignal,
  ): Promise<ProviderVerdict> {
    requireOwner(actor);
    const stored = input.providerId === undefined ? undefined : await this.#context.store.read(input.providerId);
    const sameAddress = stored?.kind === input.kind && stored.baseUrl === input.baseUrl;
    const apiKey = input.apiKey || (sameAddress ? stored.apiKey : null);
    return testProvider(
      { id: 'test', kind: input.kind, baseUrl: input.baseUrl, ...(apiKey ? { apiKey } : {}) },
      signal,
    );
  }

  async detect(
    actor: Actor,
    signal: AbortSignal,
  ): Promise<{ kind: ProviderKind; name: string; baseUrl: string; models: string[] }[]> {
    requireOwner(actor);
    const ollama = await detectOllama(signal);
    return ollama ? [{ kind: 'ollama', name: 'Ollama', baseUrl: ollama.baseUrl, models: ollama.models }] : [];
  }

  async #save(record: ProviderRecord, signal: AbortSignal): Promise<Provider> {
    if (NEEDS_ADDRESS.has(record.kind) && record.baseUrl === null) {
      throw new InvalidInputError('This kind of provider needs its address.', { field: 'baseUrl' });
    }
    if (!KEYLESS.has(record.kind) && record.apiKey === null) {
      throw new InvalidInputError('This provider needs a key.', { field: 'apiKey' });
    }
    const models =
      record.models.length > 0
        ? record.models
        : (await listModels(toRemoteProvider(record), signal)).map(({ id }) => id);
    await this.#context.store.put({ ...record, models });
    return present({ ...record, models });
  }
}

function present(record: ProviderRecord): Provider {
  return {
    id: record.id,
    kind: record.kind,
    name: record.name,
    baseUrl: record.baseUrl,
    hasKey: record.apiKey !== null,
    models: record.models,
    createdAt: record.createdAt,
  };
}
