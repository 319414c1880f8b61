import type { PlatformKey } from '../../../../contract/platform-keys.ts';

/** Revoked, or its time is over. */
export function isOver({ revokedAt, expiresAt }: PlatformKey): boolean {
  return revokedAt !== null || (expiresAt !== null && expiresAt <= Date.now());
}

/** Whether it opens `/v1` for the one who reads this. */
export function isUsable(key: PlatformKey, userId: string): boolean {
  return !isOver(key) && key.userId === userId && (key.scopes.includes('models') || key.scopes.includes('all'));
}
