import { Registry } from 'prom-client';
import { WEB_DIRECTORY, type AppContext } from './app-context.ts';
import { version } from './config/version.ts';
import { createHttpApp } from './http/create-http-app.ts';
import type { EarlyDoor } from './http/early-door.ts';
import type { HttpApp } from './http/http-app.ts';
import type { LeanDoor } from './http/openai/lean-door.ts';
import { SecureDoor } from './http/tls/secure-door.ts';
import { listAreas } from './list-areas.ts';

export interface OpenDoorsOptions {
  app: AppContext;
  /** Listens already. */
  door: EarlyDoor;
  /** Null where this process serves nobody. */
  leanDoor: LeanDoor | null;
}

/** Everything the house offers over HTTP, behind a door that listens: once it is ready, whoever waited is let in. */
export async function openDoors({ app, door, leanDoor }: OpenDoorsOptions): Promise<HttpApp> {
  const { config, logger, clock, accounts, engines } = app;
  const secureDoor = new SecureDoor({ config, accounts, clock, logger });
  const server = await createHttpApp({
    config,
    logger,
    clock,
    version,
    accounts,
    checks: {
      storage: () => app.storage.check(),
      model: async () => (await engines.overview()).active !== null,
    },
    areas: leanDoor ? listAreas(app, { door: secureDoor, leanDoor }) : [],
    webDirectory: WEB_DIRECTORY,
    registry: new Registry(),
    door,
  });
  if (leanDoor) secureDoor.attach(server);
  await server.ready();
  door.open();
  await secureDoor.start();
  return server;
}
