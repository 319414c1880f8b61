import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { ForbiddenError } from './errors.ts';
import { guardedLookup } from './fetch-public.ts';

export interface GuardedPost {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Asked for every address that the name leads to; the connection goes to the very one that was checked. */
  isAllowed: (address: string) => boolean;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Bytes of an answer that nobody reads, after which it is cut off. */
const MOST_ANSWER_BYTES = 64 * 1024;

/** Posts to an address that a person gave, and tells the status. No redirect is followed. */
export async function postGuarded({ url, headers, body, isAllowed, ...limits }: GuardedPost): Promise<number> {
  const address = new URL(url);
  const host = address.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host)) throw forbidden();
  const signal = AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const request = (address.protocol === 'https:' ? httpsRequest : httpRequest)(address, {
    method: 'POST',
    lookup: guardedLookup(isAllowed, forbidden),
    headers: { 'user-agent': 'Everwith', ...headers, 'content-length': Buffer.byteLength(body) },
    agent: false,
    signal,
  });
  request.once('error', reject);
  request.once('response', (response) => {
    let bytes = 0;
    response.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > MOST_ANSWER_BYTES) response.destroy();
    });
    response.once('error', () => undefined);
    response.once('close', () => resolve(response.statusCode ?? 0));
  });
  request.end(body);
  return promise;
}

function forbidden(): ForbiddenError {
  return new ForbiddenError(
    'This address leads into a private network or to this machine. The owner allows those with EVERWITH_PRIVATE_LINKS=1.',
    { code: 'link-private', field: 'url' },
  );
}
