import { ResourceError, UnavailableError, errorMessage } from '../../base/errors.ts';

/** Node’s codes of a connection that cannot be made or was lost. */
const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);

/**
 * Turns what PostgreSQL or its connection says into the decision a caller can make; other errors stay as they are.
 * Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function postgresFailure(error: unknown): unknown {
  const { code: given } = (error ?? {}) as { code?: unknown };
  const code = typeof given === 'string' ? given : '';
  if (code === '53100') {
    return new ResourceError('The disk of the database is full: nothing was saved. Free some space and try again.', {
      code: 'disk-full',
      cause: error,
    });
  }
  if (code === '25006') {
    return new ResourceError('The database may only be read: nothing was saved.', {
      code: 'storage-read-only',
      cause: error,
    });
  }
  if (code === '40001' || code === '40P01' || code === '55P03') {
    return new UnavailableError('The database is busy: try again.', { code: 'storage-busy', cause: error });
  }
  // 08: connection; 53: resources; 57P: stopped or starting. The client itself has no codes for a lost connection.
  const isLost =
    /^(08|53|57P)/.test(code) ||
    NETWORK_CODES.has(code) ||
    /connection terminated|timeout exceeded when trying to connect|not queryable/i.test(errorMessage(error));
  if (!isLost) return error;
  return new UnavailableError(`The database cannot be reached: ${errorMessage(error)}. Try again.`, {
    code: 'storage-unreachable',
    cause: error,
  });
}
