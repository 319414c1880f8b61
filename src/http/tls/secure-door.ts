import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { HttpsStatus } from '../../../contract/house.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, ConflictError, errorMessage, InvalidInputError, ResourceError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Config } from '../../config/config.ts';
import type { HttpApp } from '../http-app.ts';
import { forgetLocalCertificate, openLocalCertificate, type LocalCertificate } from './local-certificate.ts';
import { ownNames, type OwnNames } from './own-names.ts';

export interface SecureDoorOptions {
  config: Pick<Config, 'dataDirectory' | 'httpsPort' | 'allowedHosts'>;
  accounts: Pick<Accounts, 'ownerHasPassword' | 'house'>;
  clock: Clock;
  logger: Logger;
  /** Of this machine; others only in tests. */
  names?: () => OwnNames;
}

/** Ports looked at when the first one is taken. */
const PORTS_TO_TRY = 20;
/** Names and addresses change with the network; the certificate follows. */
const LOOK_AGAIN_IN_MS = 60 * 60 * 1000;
/** After this long, connections that still work on an answer are cut. */
const MAX_CLOSE_IN_MS = 4_000;

/**
 * The house over TLS on a port of its own, for other devices of the network: browsers give them a microphone only
 * there. States: off → on (listening with a certificate of this house) → off; a start that fails stays off with its
 * reason.
 */
export class SecureDoor {
  readonly #options: SecureDoorOptions;
  #app: HttpApp | null = null;
  #server: Server | null = null;
  #certificate: LocalCertificate | null = null;
  #problem: AppError | null = null;
  #renewing: NodeJS.Timeout | undefined;

  constructor(options: SecureDoorOptions) {
    this.#options = options;
  }

  /** Before the app is ready, whose requests come through this door too. */
  attach(app: HttpApp): void {
    this.#app = app;
    app.decorate('secureAddress', () => this.#addresses()[0] ?? null);
    app.addHook('preClose', () => this.#close());
  }

  /** Opens the door if the owner wanted it open. Never throws: a house that cannot be reached so is still a house. */
  async start(): Promise<void> {
    try {
      if (await this.#options.accounts.house.https()) await this.#open();
    } catch (error) {
      this.#fail(error);
    }
  }

  async status(): Promise<HttpsStatus> {
    const certificate = this.#certificate;
    return {
      enabled: await this.#options.accounts.house.https(),
      addresses: this.#addresses(),
      fingerprint: certificate?.fingerprint ?? null,
      expiresAt: certificate?.expiresAt ?? null,
      error: this.#problem && { code: this.#problem.code, message: this.#problem.message },
    };
  }

  /** The authority's certificate, PEM. Throws `ConflictError` while the door is shut. */
  authority(): string {
    if (this.#certificate) return this.#certificate.authority;
    throw new ConflictError('HTTPS is off. Switch it on in the settings, under Other devices.', { code: 'https-off' });
  }

  async set(actor: Actor, enabled: boolean): Promise<HttpsStatus> {
    requireOwner(actor);
    const { house } = this.#options.accounts;
    if (enabled) await this.#open();
    else await this.#close();
    await house.setHttps(actor, enabled);
    return this.status();
  }

  /** A new authority: devices that trusted the old one have to be asked again. */
  async renewAuthority(actor: Actor): Promise<HttpsStatus> {
    requireOwner(actor);
    const isOpen = this.#server !== null;
    await this.#close();
    await forgetLocalCertificate(this.#folder());
    if (isOpen) await this.#open();
    return this.status();
  }

  async #open(): Promise<void> {
    const app = this.#app;
    if (this.#server || !app) return;
    if (!(await this.#options.accounts.ownerHasPassword())) {
      throw new InvalidInputError(
        'Other devices may reach this house only once its owner has a password. Set one under Account, then switch HTTPS on.',
        { code: 'password-needed' },
      );
    }
    const certificate = await this.#openCertificate();
    const server = createServer({ key: certificate.key, cert: certificate.chain, minVersion: 'TLSv1.2' });
    server.on('request', (request, response) => app.routing(request, response));
    // Whoever waits for handshakes of the plain door gets those of this one too.
    server.on('upgrade', (request, socket, head) => app.server.emit('upgrade', request, socket, head));
    server.on('tlsClientError', (error) => this.#options.logger.debug({ err: error }, 'a TLS handshake failed'));
    await this.#listen(server);
    this.#server = server;
    this.#certificate = certificate;
    this.#problem = null;
    this.#renewing = setInterval(() => void this.#renew(), LOOK_AGAIN_IN_MS).unref();
  }

  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.#certificate = null;
    this.#problem = null;
    clearInterval(this.#renewing);
    if (!server) return;
    const cut = setTimeout(() => server.closeAllConnections(), MAX_CLOSE_IN_MS);
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeIdleConnections();
    });
    clearTimeout(cut);
  }

  async #renew(): Promise<void> {
    try {
      const certificate = await this.#openCertificate();
      if (!this.#server || certificate.chain === this.#certificate?.chain) return;
      this.#server.setSecureContext({ key: certificate.key, cert: certificate.chain });
      this.#certificate = certificate;
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the certificate could not be renewed');
    }
  }

  #openCertificate(): Promise<LocalCertificate> {
    const { names, addresses } = this.#names();
    const own = ['localhost', '127.0.0.1', '::1'];
    return openLocalCertificate({
      folder: this.#folder(),
      names: [...new Set([...names, ...addresses, ...this.#options.config.allowedHosts, ...own])],
      now: this.#options.clock.now(),
    });
  }

  async #listen(server: Server): Promise<void> {
    const { httpsPort } = this.#options.config;
    for (let port = httpsPort; ; port += 1) {
      try {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject);
          server.listen({ port }, () => {
            server.off('error', reject);
            resolve();
          });
        });
        return;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EADDRINUSE' && port < httpsPort + PORTS_TO_TRY) continue;
        throw new ResourceError(`HTTPS cannot listen on port ${port}: ${errorMessage(error)}`, {
          code: 'https-port',
          cause: error,
        });
      }
    }
  }

  #fail(error: unknown): void {
    this.#problem =
      error instanceof AppError ? error : new ResourceError(errorMessage(error), { code: 'https', cause: error });
    this.#options.logger.warn({ err: error }, 'https could not be opened');
  }

  /** IPv4 first, which every device of a home has. */
  #addresses(): string[] {
    const port = (this.#server?.address() as AddressInfo | null)?.port;
    if (port === undefined) return [];
    const { names, addresses } = this.#names();
    const plain = addresses.toSorted((one, other) => Number(one.includes(':')) - Number(other.includes(':')));
    return [...plain, ...names].map((name) => `https://${bracketed(name)}:${port}`);
  }

  #names(): OwnNames {
    return (this.#options.names ?? ownNames)();
  }

  #folder(): string {
    return join(this.#options.config.dataDirectory, 'tls');
  }
}

function bracketed(name: string): string {
  return name.includes(':') ? `[${name}]` : name;
}
