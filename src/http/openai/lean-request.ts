import type { IncomingMessage } from 'node:http';
import type { MeteredKind } from '../../../contract/metering.ts';

/** What a request of the short way asks for, as its head says. */
export interface LeanRequest {
  path: '/chat/completions' | '/embeddings';
  kind: MeteredKind;
  authorization: string;
  /** Bytes of its body. */
  length: number;
}

const DOORS: ReadonlyMap<string, Pick<LeanRequest, 'path' | 'kind'>> = new Map([
  ['/v1/chat/completions', { path: '/chat/completions', kind: 'text' }],
  ['/v1/embeddings', { path: '/embeddings', kind: 'embedding' }],
]);
/** Headers that ask for more than the short way knows. */
const UNUSUAL = ['upgrade', 'expect', 'content-encoding', 'transfer-encoding', 'idempotency-key', 'x-everwith-cache'];

/** Null where a request is none for the short way. */
export function readLeanRequest(
  { method, url, headers }: IncomingMessage,
  isOwnHost: (header: string) => boolean,
  mostBytes: number,
): LeanRequest | null {
  const door = method === 'POST' ? DOORS.get(url ?? '') : undefined;
  if (!door) return null;
  const { authorization, host = '', 'content-type': type = '', 'content-length': size } = headers;
  if (authorization === undefined || !isOwnHost(host) || !/^application\/json *(;|$)/i.test(type)) return null;
  const length = Number(size ?? Number.NaN);
  if (!(length > 0 && length <= mostBytes)) return null;
  if (UNUSUAL.some((name) => headers[name] !== undefined)) return null;
  return { ...door, authorization, length };
}
