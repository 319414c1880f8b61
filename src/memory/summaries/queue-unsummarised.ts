import type { JobQueue } from '../../jobs/job-queue.ts';
import type { Storage } from '../../storage/storage.ts';
import { SUMMARISE_JOB } from '../conversation-jobs.ts';
import { listUnsummarised } from './summary-store.ts';

/** Conversations added in one transaction. */
const AT_ONCE = 200;

/** Adds work for conversations in which something happened since they were last summed up; returns how many. */
export async function queueUnsummarised(
  storage: Pick<Storage, 'db' | 'transaction'>,
  queue: JobQueue,
): Promise<number> {
  const ids = await listUnsummarised(storage.db);
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    await storage.transaction(async (trx) => {
      for (const key of ids.slice(start, start + AT_ONCE))
        await queue.add(trx, { name: SUMMARISE_JOB, key, payload: {} });
    });
  }
  return ids.length;
}
