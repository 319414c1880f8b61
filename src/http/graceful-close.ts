import type { HttpApp } from './http-app.ts';

/** After this long, connections that still work on an answer are cut. */
const MAX_CLOSE_IN_MS = 4000;

/** Makes `app.close()` end event streams at once and everything else within five seconds. */
export function registerGracefulClose(app: HttpApp): void {
  let cut: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    app.eventStreams.endAll();
    cut = setTimeout(() => app.server.closeAllConnections(), MAX_CLOSE_IN_MS);
  });
  app.addHook('onClose', async () => clearTimeout(cut));
}
