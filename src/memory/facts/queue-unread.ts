import type { JobQueue } from '../../jobs/job-queue.ts';
import { readSetting, writeSetting } from '../../storage/setting-store.ts';
import type { Storage } from '../../storage/storage.ts';
import { EXTRACTOR_VERSION } from './distil/distil-turns.ts';
import { listDistillableIds } from './distilled-store.ts';
import { DISTIL_JOB } from '../conversation-jobs.ts';

const SETTING = { scope: 'house', key: 'memory-extractor' };
/** Behind what is being said now. */
const LATER = 200;
/** Jobs added in one transaction, so that others may write between. */
const AT_ONCE = 200;

/**
 * Adds work for every conversation once for each version of the rules: those from before there was memory, and those
 * read by older rules. Returns how many.
 */
export async function queueUnread(storage: Storage, queue: JobQueue): Promise<number> {
  const version = String(EXTRACTOR_VERSION);
  if ((await readSetting(storage.db, SETTING)) === version) return 0;
  const ids = await listDistillableIds(storage.db);
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    await storage.transaction(async (trx) => {
      for (const key of ids.slice(start, start + AT_ONCE)) {
        await queue.add(trx, { name: DISTIL_JOB, key, payload: {}, priority: LATER });
      }
    });
  }
  await writeSetting(storage.db, { ...SETTING, value: version });
  return ids.length;
}
