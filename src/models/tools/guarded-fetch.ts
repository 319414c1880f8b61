import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { FetchLike } from '@modelcontextprotocol/client';
import { ForbiddenError, UnavailableError } from '../../base/errors.ts';
import { guardedLookup } from '../../base/fetch-public.ts';
import { MOST_MESSAGE_BYTES } from './stdio-transport.ts';

/** Bytes of one answer, which may be a stream of many messages. */
const MOST_ANSWER_BYTES = 4 * MOST_MESSAGE_BYTES;

/**
 * `fetch` for a server of tools. The connection goes to the very address that was checked, so that a name which changes
 * in between leads nowhere else; an answer is as long as the limit at most, and no redirect is followed: the secrets in
 * the headers belong to the address they were given for.
 */
export function createGuardedFetch({ isAllowed }: { isAllowed: (address: string) => boolean }): FetchLike {
  return async (input, init = {}) => {
    const url = new URL(input);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host)) throw forbidden();
    const body = typeof init.body === 'string' ? init.body : null;
    const incoming = await ask(url, { init, body, isAllowed });
    const status = incoming.statusCode ?? 502;
    if (status >= 300 && status < 400) {
      incoming.destroy();
      throw new UnavailableError(
        'The address of the tools sends requests on elsewhere. Enter that address instead, if you trust it.',
        {
          code: 'tool-server-redirected',
          retryable: false,
        },
      );
    }
    const headers = new Headers();
    for (const [name, value] of Object.entries(incoming.headers)) {
      for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
    }
    const hasBody = status !== 204 && status !== 205;
    if (!hasBody) incoming.resume();
    return new Response(hasBody ? limited(incoming) : null, { status, headers });
  };
}

async function ask(
  url: URL,
  { init, body, isAllowed }: { init: RequestInit; body: string | null; isAllowed: (address: string) => boolean },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = Object.fromEntries(new Headers(init.headers));
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: init.method ?? 'GET',
    lookup: guardedLookup(isAllowed, forbidden),
    headers: { 'user-agent': 'Everwith', ...headers, 'accept-encoding': 'identity' },
    agent: false,
    ...(init.signal ? { signal: init.signal } : {}),
  });
  request.once('response', resolve);
  request.once('error', reject);
  request.end(body ?? undefined);
  return promise;
}

function limited(incoming: IncomingMessage): ReadableStream<Uint8Array> {
  let size = 0;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of incoming) {
      size += (part as Buffer).length;
      if (size > MOST_ANSWER_BYTES) {
        throw new UnavailableError('The server of the tools sends more than is taken.', { code: 'tool-server-floods' });
      }
      yield part as Buffer;
    }
  };
  return Readable.toWeb(Readable.from(counted(), { objectMode: false })) as ReadableStream<Uint8Array>;
}

function forbidden(): ForbiddenError {
  return new ForbiddenError(
    'The address of the tools leads into a private network or to this machine. Allow private addresses for this server if that is what you want.',
    { code: 'tool-server-private', field: 'url' },
  );
}
