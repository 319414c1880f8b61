import { ConflictError } from '../base/errors.ts';
import type { Db } from '../storage/storage.ts';
import { countLiveKeys } from './key-store.ts';

const MAX_LIVE_KEYS = 100;

/** Throws where somebody has as many keys as anybody may. */
export async function requireRoomForKey(db: Db, userId: string): Promise<void> {
  if ((await countLiveKeys(db, userId)) < MAX_LIVE_KEYS) return;
  throw new ConflictError('There are too many API keys. Revoke some that are not used any more.', {
    code: 'too-many-keys',
  });
}
