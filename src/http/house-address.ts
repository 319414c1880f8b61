import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { FastifyRequest } from 'fastify';
import { isLoopback, type Config } from '../config/config.ts';
import { hostName } from './host-guard.ts';

export type HostConfig = Pick<Config, 'host' | 'port' | 'allowedHosts'>;

/** Where the house is reached on its own machine, without a slash at the end. */
export function localAddress(config: HostConfig, request: FastifyRequest): string {
  return `http://${bracketed(isEveryAddress(config.host) ? '127.0.0.1' : config.host)}:${portOf(config, request)}`;
}

/** The address by which this visitor reached the house. */
export function reachedAddress(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

/**
 * The address to put into a link for another device. Where the visitor sits at the machine itself,
 * its loopback name would mean nothing elsewhere, so a name or address of the machine takes its place.
 */
export function sharedAddress(config: HostConfig, request: FastifyRequest): string {
  if (!isLoopback(hostName(request.host) ?? '')) return reachedAddress(request);
  // Other devices can call only there.
  const secure = request.server.secureAddress?.() ?? null;
  if (secure !== null) return secure;
  if (isLoopback(config.host)) return reachedAddress(request);
  const host = isEveryAddress(config.host) ? firstOwnAddress() : config.host;
  return host === undefined ? reachedAddress(request) : `http://${bracketed(host)}:${portOf(config, request)}`;
}

function portOf(config: HostConfig, request: FastifyRequest): number {
  return (request.server.server.address() as AddressInfo | null)?.port ?? config.port;
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** The first address that other machines of the household can reach. */
function firstOwnAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find((address) => address.family === 'IPv4' && !address.internal)?.address;
}
