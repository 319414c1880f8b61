import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { z } from 'zod';
import type { healthSchema } from '../../contract/house.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import { createHostCheck } from './host-guard.ts';
import type { HttpApp } from './http-app.ts';

/** Milliseconds that an idle connection is kept, as Fastify keeps it: longer than the proxies that stand before houses. */
const KEEP_ALIVE_IN_MS = 72_000;

type Health = z.input<typeof healthSchema>;

/** Who is asked before the app: it takes a request or hands it on. */
export interface FirstTaker {
  take(request: IncomingMessage, response: ServerResponse, handOn: RequestListener): void;
}

/** Somebody who came before the app was ready. */
interface Waiting {
  socket: Duplex;
  enter(): void;
}

export interface EarlyDoorOptions {
  config: Pick<Config, 'host' | 'allowedHosts'>;
  clock: Clock;
  version: string;
  /** Null where this process has no doors for programs. */
  first: FirstTaker | null;
}

/**
 * The address of the house, which listens before the rooms behind it are loaded.
 *
 * - `opening`: says that it lives, lets `first` answer what it can, and keeps everything else waiting, in its order.
 * - `open`: the app answers, whoever waited first.
 * - `closed`: new connections are refused; who waited in vain is cut off.
 */
export class EarlyDoor implements AsyncDisposable {
  readonly server: Server;
  readonly #first: FirstTaker | null;
  readonly #health: (request: IncomingMessage, response: ServerResponse) => boolean;
  #state: 'opening' | 'open' | 'closed' = 'opening';
  #app: RequestListener | null = null;
  readonly #waiting: Waiting[] = [];

  constructor({ config, clock, version, first }: EarlyDoorOptions) {
    this.#first = first;
    this.#health = createHealth({ isOwnHost: createHostCheck(config), clock, version });
    this.server = createServer({
      keepAliveTimeout: KEEP_ALIVE_IN_MS,
      // A stream may take as long as it likes; slow heads are cut by Node's own limit for them.
      requestTimeout: 0,
      // Offers of other protocols (`h2c`) are for whoever understands them: the request is answered as it is.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    });
    this.server.on('request', this.#receive);
    this.server.on('upgrade', this.#keepHandshake);
  }

  /** Resolves with the port it listens on. */
  async listen({ host, port }: { host: string; port: number }): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.server.once('error', reject);
    this.server.listen({ host, port }, resolve);
    await promise.finally(() => this.server.off('error', reject));
    return (this.server.address() as AddressInfo).port;
  }

  /** Gives the app its server, which it would otherwise make for itself. */
  lead(app: RequestListener): Server {
    this.#app = app;
    return this.server;
  }

  /** Before the app is ready: with it the door closes, and waits for answers under way once all streams were told to end. */
  attach(app: HttpApp): void {
    let closed: Promise<void> | undefined;
    app.addHook('preClose', async () => {
      closed = this.#close();
    });
    app.addHook('onClose', () => closed);
  }

  /** Once the app is ready: whoever waited is let in, in the order in which they came. */
  open(): void {
    this.server.off('upgrade', this.#keepHandshake);
    this.#state = 'open';
    for (const { enter } of this.#waiting.splice(0)) enter();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === 'closed') return;
    for (const { socket } of this.#waiting.splice(0)) socket.destroy();
    this.server.closeAllConnections();
    await this.#close();
  }

  readonly #receive: RequestListener = (request, response) => {
    if (this.#state === 'opening' && this.#health(request, response)) return;
    if (this.#first && this.#state !== 'closed') this.#first.take(request, response, this.#handOn);
    else this.#handOn(request, response);
  };

  readonly #handOn: RequestListener = (request, response) => {
    if (this.#state !== 'opening') this.#app?.(request, response);
    else this.#wait(request.socket, () => this.#app?.(request, response));
  };

  readonly #keepHandshake = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Nobody else listens yet to what becomes of it.
    socket.on('error', () => undefined);
    this.#wait(socket, () => this.server.emit('upgrade', request, socket, head));
  };

  #wait(socket: Duplex, enter: () => void): void {
    this.#waiting.push({ socket, enter: () => socket.destroyed || enter() });
  }

  async #close(): Promise<void> {
    this.#state = 'closed';
    if (!this.server.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.server.close(() => resolve());
    this.server.closeIdleConnections();
    await promise;
  }
}

/** Answers `/healthz`, as its route does later, and says whether it did. */
function createHealth({
  isOwnHost,
  clock,
  version,
}: {
  isOwnHost: (header: string) => boolean;
  clock: Clock;
  version: string;
}): (request: IncomingMessage, response: ServerResponse) => boolean {
  const startedAt = clock.monotonic();
  return ({ method, url, headers }, response) => {
    if (method !== 'GET' || url !== '/healthz' || !isOwnHost(headers.host ?? '')) return false;
    const body: Health = { status: 'ok', version, uptimeInSeconds: (clock.monotonic() - startedAt) / 1000 };
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
    return true;
  };
}
