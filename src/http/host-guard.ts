import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { onRequestHookHandler } from 'fastify';
import { ForbiddenError } from '../base/errors.ts';
import { isLoopback, type Config } from '../config/config.ts';
import { isOwnTls } from './tls/host-cookies.ts';

const WILDCARD_HOSTS = new Set(['0.0.0.0', '::', '']);

/**
 * Refuses requests that name another host than this house (DNS rebinding: a foreign page whose name
 * suddenly points here would otherwise be same-origin). Names are needed for that attack, so where the
 * house listens on every address, any address literal is fine and names must be its own or configured.
 */
export function createHostGuard(config: Pick<Config, 'host' | 'allowedHosts'>): onRequestHookHandler {
  const isKnown = createHostCheck(config);
  // The secure door listens on every address.
  const isKnownSecurely = createHostCheck({ ...config, host: '0.0.0.0' });
  return function checkHost(request, _reply, done) {
    const check = isOwnTls(request) ? isKnownSecurely : isKnown;
    if (check(request.headers.host ?? '')) return done();
    done(
      new ForbiddenError(
        'This address is not known to the house. Open it by its own address, or add the name to “allowedHosts” in config.json.',
        { code: 'unknown-host' },
      ),
    );
  };
}

/** True for `Host` header values that name this house. */
export function createHostCheck({
  host,
  allowedHosts,
}: Pick<Config, 'host' | 'allowedHosts'>): (header: string) => boolean {
  const names = new Set([host, ...allowedHosts].map((name) => hostName(name) ?? name.toLowerCase()));
  const everywhere = WILDCARD_HOSTS.has(host);
  if (everywhere) {
    const own = hostname().toLowerCase();
    names.add(own).add(`${own}.local`);
  }
  return (header) => {
    const name = hostName(header);
    if (name === undefined) return false;
    if (isLoopback(name) || names.has(name)) return true;
    return everywhere && isIP(name) !== 0;
  };
}

/** The name in a `Host` header, without port, brackets and the root's dot; undefined when it is none. */
export function hostName(header: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:/?#@\\\s]+))(?::\d{1,5})?$/i.exec(header);
  return (match?.[1] ?? match?.[2]?.replace(/\.$/, ''))?.toLowerCase();
}
