import type { Cashier } from './models/billing/cashier.ts';
import { MeteredModels } from './models/billing/metered-models.ts';
import { join } from 'node:path';
import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import { FirstStart } from './features/engines/first-start.ts';
import { loadCatalog } from './models/catalog/catalog.ts';
import { createDownloads } from './models/catalog/downloads.ts';
import { DefaultModel } from './models/routing/default-model.ts';
import { HouseModelDirectory } from './models/routing/house-model-directory.ts';
import { LocalEngines } from './models/routing/local-engines.ts';
import { ProviderStore } from './models/routing/provider-store.ts';
import type { Script } from './models/scripted/script.ts';
import { createScriptedModel } from './models/scripted/scripted-model.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenModelsOptions {
  config: Config;
  logger: Logger;
  clock: Clock;
  environment: Readonly<Record<string, string | undefined>>;
  cashier: Cashier;
  storage: Storage;
  accounts: Accounts;
  /** Only in tests. */
  script: Script | null;
  stack: AsyncDisposableStack;
}

/** What answers: models of this computer and of providers, their weights, the first one of a new house. */
export async function openModels({
  config,
  logger,
  clock,
  storage,
  accounts,
  script,
  environment,
  cashier,
  stack,
}: OpenModelsOptions) {
  const downloads = stack.use(
    createDownloads({
      catalog: await loadCatalog(),
      cacheDirectory: config.cacheDirectory,
      environment,
      offline: config.offline,
      logger,
      clock,
    }),
  );
  const engines = config.roles.includes('models')
    ? stack.use(
        new LocalEngines({
          downloads,
          statesDirectory: statesDirectory(config),
          statesBudgetBytes: config.statesBudget,
          clock,
          logger,
        }),
      )
    : null;
  const providers = new ProviderStore({ db: storage.db, secrets: accounts.secrets });
  const defaultModel = new DefaultModel(storage.db);
  await defaultModel.load();
  const scripted = script && createScriptedModel(script);
  if (scripted) await defaultModel.set(scripted.ref);
  const house = new HouseModelDirectory({ defaultModel, engines, providers, scripted });
  const directory = new MeteredModels(house, cashier);
  return {
    downloads,
    engines,
    providers,
    defaultModel,
    scripted,
    directory,
    firstStart: new FirstStart({
      downloads,
      defaultModel,
      providers,
      cacheDirectory: config.cacheDirectory,
      environment,
      locale: machineLocale(),
      offline: config.offline,
      logger,
    }),
  };
}

/** Engine states hold the words of conversations: they belong to the person's data, not to the cache. */
function statesDirectory(config: Config): string {
  return join(config.dataDirectory, 'engine-states');
}

/** BCP 47; the owner has not said theirs at the first start. */
export function machineLocale(): string {
  return Intl.DateTimeFormat().resolvedOptions().locale;
}
