import type { PlatformEmbeddings } from './features/platform/embeddings/platform-embeddings.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import { AnswerCache } from './features/platform/cache/answer-cache.ts';
import { RelayedAnswers } from './features/platform/relay/relayed-answers.ts';
import type { PlatformModels } from './features/platform/platform-models.ts';
import type { Router } from './features/platform/routing/router.ts';
import { Routes } from './features/platform/routing/routes.ts';
import { RoutesFile } from './features/platform/routing/routes-file.ts';
import { HostedAnswers } from './features/platform/responses/hosted/hosted-answers.ts';
import type { Meter } from './metering/meter.ts';
import { ResponseDoors } from './models/relay/response-doors.ts';
import { RelayPools } from './models/relay/relay-pools.ts';
import type { ProviderStore } from './models/routing/provider-store.ts';
import { RelayDirectory } from './models/routing/relay-directory.ts';
import type { Db } from './storage/storage.ts';

interface OpenRelayOptions {
  db: Db;
  clock: Clock;
  logger: Logger;
  meter: Meter;
  router: Router;
  embeddings: PlatformEmbeddings;
  models: PlatformModels;
  providers: ProviderStore;
  dataDirectory: string;
  stack: AsyncDisposableStack;
}

/** What stands between a public name and who answers: routes, and the way through to providers that speak OpenAI. */
export async function openRelay({ providers, dataDirectory, stack, ...options }: OpenRelayOptions) {
  const pools = stack.use(new RelayPools());
  const directory = new RelayDirectory(providers);
  const routes = new Routes({ ...options, file: stack.use(new RoutesFile(dataDirectory)) });
  await routes.start();
  return {
    routes,
    relayedAnswers: new RelayedAnswers({ ...options, directory, pools }),
    hosted: new HostedAnswers({ ...options, directory, doors: new ResponseDoors(options) }),
    answerCache: new AnswerCache(options),
  };
}
