import { hostname, networkInterfaces } from 'node:os';

export interface OwnNames {
  /** Lower case. */
  names: string[];
  /** Other devices of the network reach these. */
  addresses: string[];
}

/** By which names and addresses other devices of the network may reach this machine. */
export function ownNames(): OwnNames {
  const own = hostname()
    .toLowerCase()
    .replace(/\.local$/, '');
  const names = /^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/.test(own) ? [`${own}.local`, own] : [];
  const addresses = Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    // Link-local IPv6 addresses need a zone, which no certificate and no link can carry.
    .filter(({ internal, family, address }) => !internal && (family === 'IPv4' || !/^fe80:/i.test(address)))
    .map(({ address }) => address);
  return { names, addresses: [...new Set(addresses)] };
}
