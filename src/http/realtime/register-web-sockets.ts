import webSocket from '@fastify/websocket';
import { REALTIME_MAX_MESSAGE_BYTES, REALTIME_SUBPROTOCOL } from '../../../contract/realtime.ts';
import type { HttpApp } from '../http-app.ts';

/** Lets routes have a `wsHandler`. Handshakes pass the same guards as every request. */
export async function registerWebSockets(app: HttpApp): Promise<void> {
  await app.register(webSocket, {
    options: {
      maxPayload: REALTIME_MAX_MESSAGE_BYTES,
      // Audio does not shrink, and a hostile client could make much out of little.
      perMessageDeflate: false,
      // Never another one of those that were offered: a key may be among them.
      handleProtocols: (offered) => (offered.has(REALTIME_SUBPROTOCOL) ? REALTIME_SUBPROTOCOL : false),
    },
    errorHandler: (error, socket, request) => {
      request.log.debug({ err: error }, 'web socket failed');
      socket.terminate();
    },
    // Each route says goodbye itself when the event streams are ended.
    preClose: (done) => done(),
  });
}
