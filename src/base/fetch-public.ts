import { lookup as resolve, type LookupAddress } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import {
  AppError,
  ForbiddenError,
  InvalidInputError,
  TooLargeError,
  UnavailableError,
  errorMessage,
  isAbort,
} from './errors.ts';

export interface FetchPublicOptions {
  url: string;
  /** Asked for every address a name leads to, and for the addresses of every redirect. */
  isAllowed: (address: string) => boolean;
  limitBytes: number;
  /** For all of it, redirects included. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface PublicFile {
  /** Ends with an error where it is longer than the limit. */
  body: AsyncIterable<Buffer>;
  /** As the answer or the address names it; not safe as a path. */
  fileName: string;
}

const MAX_REDIRECTS = 5;

/**
 * Fetches a file that a person gave the address of. The server stands inside a home or a company: it speaks only to
 * addresses that are allowed, and the connection goes to the very address that was checked, so that a name that
 * changes in between leads nowhere else.
 */
export async function fetchPublic(options: FetchPublicOptions): Promise<PublicFile> {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  let url = parseUrl(options.url);
  try {
    for (let redirects = 0; ; redirects += 1) {
      const response = await ask(url, { ...options, signal });
      const { statusCode = 0, headers } = response;
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        response.destroy();
        if (redirects >= MAX_REDIRECTS) {
          throw new UnavailableError('The link leads in circles.', { code: 'link-redirects', retryable: false });
        }
        url = parseUrl(new URL(headers.location, url).href);
        continue;
      }
      requireFile(response, options.limitBytes);
      return { body: limited(response, { ...options, signal }), fileName: nameOf(response, url) };
    }
  } catch (error) {
    throw described(error, options);
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : null;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    throw new InvalidInputError('This is no link to a file: it must begin with https:// or http://.', {
      code: 'link-invalid',
      field: 'url',
    });
  }
  return url;
}

async function ask(url: URL, { isAllowed, signal }: FetchPublicOptions): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(host)) throw forbidden();
  const { promise, resolve: answer, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    lookup: guardedLookup(isAllowed),
    headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Everwith' },
    agent: false,
    signal,
  });
  request.once('response', answer);
  request.once('error', reject);
  request.end();
  return promise;
}

/** Resolves names to allowed addresses only; `refuse` makes the error where none is. */
export function guardedLookup(
  isAllowed: (address: string) => boolean,
  refuse: () => Error = forbidden,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (!first) return callback(refuse(), '', 0);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function forbidden(): ForbiddenError {
  return new ForbiddenError(
    'The link leads into a private network or to this machine. Download the file yourself and bring it in, or let the owner allow private links.',
    { code: 'link-private' },
  );
}

function requireFile(response: IncomingMessage, limitBytes: number): void {
  const { statusCode = 0, headers } = response;
  if (statusCode < 200 || statusCode >= 300) {
    response.destroy();
    throw new UnavailableError(`The link does not lead to a file: its server answered ${statusCode}.`, {
      code: 'link-status',
      retryable: statusCode >= 500,
      details: { status: statusCode },
    });
  }
  if (/^text\/html\b/i.test(headers['content-type'] ?? '')) {
    response.destroy();
    throw new InvalidInputError('The link leads to a page, not to a file: copy the address of its download.', {
      code: 'link-page',
      field: 'url',
    });
  }
  if (Number(headers['content-length'] ?? 0) > limitBytes) {
    response.destroy();
    throw tooLarge(limitBytes);
  }
}

async function* limited(response: IncomingMessage, options: FetchPublicOptions): AsyncIterable<Buffer> {
  let size = 0;
  const stop = () => response.destroy(options.signal.reason as Error);
  options.signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const part of response) {
      size += (part as Buffer).length;
      if (size > options.limitBytes) throw tooLarge(options.limitBytes);
      yield part as Buffer;
    }
  } catch (error) {
    throw described(error, options);
  } finally {
    options.signal.removeEventListener('abort', stop);
    response.destroy();
  }
}

function tooLarge(limitBytes: number): TooLargeError {
  return new TooLargeError(`The file behind the link is larger than ${Math.round(limitBytes / 1024 ** 2)} MiB.`, {
    code: 'link-too-large',
    field: 'url',
  });
}

function described(error: unknown, { timeoutMs }: FetchPublicOptions): unknown {
  if (error instanceof AppError) return error;
  const reason = isAbort(error) && error instanceof Error ? (error.cause ?? error) : error;
  if (reason instanceof DOMException && reason.name === 'TimeoutError') return late(timeoutMs);
  if (isAbort(error)) return error;
  return new UnavailableError(`The link cannot be reached: ${errorMessage(error)}`, {
    code: 'link-unreachable',
    cause: error,
  });
}

function late(timeoutMs: number): UnavailableError {
  const seconds = Math.round(timeoutMs / 1000);
  return new UnavailableError(`The server behind the link took longer than ${seconds} seconds.`, {
    code: 'link-timeout',
  });
}

/** The name in `content-disposition` (RFC 6266), else the last part of the address. */
function nameOf({ headers }: IncomingMessage, url: URL): string {
  const disposition = headers['content-disposition'] ?? '';
  const extended = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;]+))/i.exec(disposition);
  const named = decoded(extended) ?? plain?.[1] ?? plain?.[2] ?? decoded(url.pathname.split('/').at(-1)) ?? '';
  return named.trim().slice(0, 255) || url.hostname;
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
