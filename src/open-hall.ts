import type { Accounts } from './accounts/accounts.ts';
import { Engines } from './features/engines/engines.ts';
import { Cashier } from './models/billing/cashier.ts';
import { loadScript } from './models/scripted/script.ts';
import { openCore, type OpenHouseOptions } from './open-core.ts';
import { openEmbeddings } from './open-embeddings.ts';
import { openGateway } from './open-gateway.ts';
import { machineLocale, openModels } from './open-models.ts';

/**
 * The part of the house that a start waits for: what everything stands on, the models, and the way through to providers.
 * It loads none of the rooms behind it; `cold-start.test.ts` holds it to that. Closing goes in the opposite order of
 * opening.
 */
export interface Hall extends AsyncDisposable {
  accounts: Accounts;
  core: Awaited<ReturnType<typeof openCore>>['core'];
  script: Awaited<ReturnType<typeof loadScript>> | null;
  models: Awaited<ReturnType<typeof openModels>>;
  engines: Engines;
  embeddings: Awaited<ReturnType<typeof openEmbeddings>>;
  /** Bills what models do. */
  cashier: Cashier;
  gateway: Awaited<ReturnType<typeof openGateway>>;
  /** Aborts what the house does by itself. */
  closing: AbortController;
}

export async function openHall(options: OpenHouseOptions): Promise<Hall> {
  const stack = new AsyncDisposableStack();
  try {
    return { ...(await build(options, stack)), [Symbol.asyncDispose]: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function build(
  options: OpenHouseOptions,
  stack: AsyncDisposableStack,
): Promise<Omit<Hall, keyof AsyncDisposable>> {
  const { config, logger, clock, environment } = options;
  const { accounts, core } = await openCore({ config, logger, clock, stack });
  const { storage } = core;
  const script = config.scriptedModel === null ? null : await loadScript(config.scriptedModel);
  const cashier = new Cashier({ meter: core.ledger, clock });
  const opening = { config, logger, clock, storage, environment, script, cashier, stack };
  const models = await openModels({ ...opening, accounts });
  const embeddings = await openEmbeddings({ ...opening, providers: models.providers });
  const closing = new AbortController();
  const engines = new Engines({
    ...models,
    cacheDirectory: config.cacheDirectory,
    locale: machineLocale(),
    closing: closing.signal,
  });
  const { directory, providers } = models;
  const { teams } = accounts;
  const listChoices = () => engines.choices();
  const { embeddingDirectory } = embeddings;
  const around = { ...core, config, logger, teams, stack };
  const gateway = await openGateway({ ...around, directory, providers, embeddingDirectory, listChoices });
  return { accounts, core, script, models, engines, embeddings, cashier, gateway, closing };
}
