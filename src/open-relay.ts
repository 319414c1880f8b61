import type { Clock } from './base/clock.ts';
import { RelayedAnswers } from './features/platform/relay/relayed-answers.ts';
import { Router } from './features/platform/routing/router.ts';
import type { PlatformModels } from './features/platform/platform-models.ts';
import type { Meter } from './metering/meter.ts';
import { RelayPools } from './models/relay/relay-pools.ts';
import type { ProviderStore } from './models/routing/provider-store.ts';
import { RelayDirectory } from './models/routing/relay-directory.ts';

interface OpenRelayOptions {
  clock: Clock;
  meter: Meter;
  models: PlatformModels;
  providers: ProviderStore;
  stack: AsyncDisposableStack;
}

/** What stands between a public name and who answers: routes, and the way through to providers that speak OpenAI. */
export function openRelay({ clock, meter, models, providers, stack }: OpenRelayOptions) {
  const router = new Router({ models, clock, random: Math.random });
  const pools = stack.use(new RelayPools());
  const directory = new RelayDirectory(providers);
  return { router, relayedAnswers: new RelayedAnswers({ router, directory, pools, meter, clock }) };
}
