import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.ts';
import { openStorage, type Storage } from '../../../src/storage/storage.ts';
import type { TestDatabase } from './test-database.ts';

/** Looks into the database of a server in `folder`, as its next reader would. */
export async function besideServer<T>(
  { folder, database: { postgres } }: { folder: string; database: TestDatabase },
  work: (storage: Storage) => Promise<T>,
): Promise<T> {
  await using storage = await openStorage({
    dataDirectory: join(folder, 'data'),
    clock: systemClock,
    ...(postgres ? { postgres } : {}),
  });
  return await work(storage);
}
