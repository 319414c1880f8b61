import type { IncomingHttpHeaders } from 'node:http';

/** By which a caller knows the same request again; null = by nothing. */
export function idempotencyKeyOf({ 'idempotency-key': key }: IncomingHttpHeaders): string | null {
  return typeof key === 'string' ? key : null;
}
