import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import { PlatformEmbeddings } from './features/platform/embeddings/platform-embeddings.ts';
import { LiveTraffic } from './features/platform/limits/live-traffic.ts';
import { platformRatesFor, RateMeter } from './features/platform/limits/rate-meter.ts';
import { RatedMeter } from './features/platform/limits/rated-meter.ts';
import { PlatformModels, type ListChoices } from './features/platform/platform-models.ts';
import { RequestLog, type TeamDoor } from './features/platform/request-log/request-log.ts';
import { Router } from './features/platform/routing/router.ts';
import type { Ledger } from './metering/ledger.ts';
import type { EmbeddingDirectory } from './models/routing/embedding-directory.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import type { ProviderStore } from './models/routing/provider-store.ts';
import { openRelay } from './open-relay.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenGatewayOptions {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  ledger: Ledger;
  directory: ModelDirectory;
  listChoices: ListChoices;
  providers: ProviderStore;
  embeddingDirectory: EmbeddingDirectory;
  teams: TeamDoor;
  config: Pick<Config, 'callsPerMinute' | 'dataDirectory'>;
  stack: AsyncDisposableStack;
}

/** What a request needs that goes through to a provider as it is: names, routes, limits, the books. */
export async function openGateway(options: OpenGatewayOptions) {
  const { storage, clock, ledger, directory, listChoices, config, stack } = options;
  const platformModels = new PlatformModels({ listChoices, directory, clock, routeNames: () => router.names() });
  const router = new Router({ models: platformModels, clock, random: Math.random });
  const rates = new RateMeter({ clock, rates: platformRatesFor(config.callsPerMinute) });
  const meter = new LiveTraffic({
    meter: new RatedMeter({ meter: ledger, rates }),
    isLocal: (ref) => ref.startsWith('local:'),
  });
  const platformEmbeddings = new PlatformEmbeddings({ directory: options.embeddingDirectory, meter, clock });
  const { dataDirectory } = config;
  const around = { ...options, db: storage.db, dataDirectory };
  const embeddings = platformEmbeddings;
  const relay = await openRelay({ ...around, meter, router, embeddings, models: platformModels });
  const requestLog = stack.use(await RequestLog.open(around));
  return { platformModels, platformEmbeddings, router, rates, meter, requestLog, ...relay };
}

export type Gateway = Awaited<ReturnType<typeof openGateway>>;
