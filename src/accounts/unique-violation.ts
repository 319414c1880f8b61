/** SQLITE_CONSTRAINT_UNIQUE, https://www.sqlite.org/rescode.html */
const SQLITE_UNIQUE = 2067;
/** unique_violation, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const POSTGRES_UNIQUE = '23505';

export function isUniqueViolation(error: unknown): boolean {
  const { errcode, code } = (error ?? {}) as { errcode?: unknown; code?: unknown };
  return errcode === SQLITE_UNIQUE || code === POSTGRES_UNIQUE;
}
