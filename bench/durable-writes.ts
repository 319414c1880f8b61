import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/base/clock.ts';
import { createIdGenerator } from '../src/base/ids.ts';
import { insertMessage } from '../src/conversation/message-store.ts';
import { openStorage, type Storage } from '../src/storage/storage.ts';
import { median, printFigure } from './report/figure.ts';
import { beginConversation, nextMessage, type Talk } from './storage/seed-conversation.ts';

const WRITERS = 64;
const ROUNDS = 7;
/** Messages of each writer in one round. */
const MESSAGES_PER_WRITER = 60;
/** Messages of one round written one after the other. */
const MESSAGES_ALONE = 150;

const newId = createIdGenerator(systemClock);

/** Messages per second, each in a transaction of its own that has reached the disk before the next of its writer. */
async function writeWith(storage: Storage, talks: readonly Talk[], messagesEach: number): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    talks.map(async (talk) => {
      for (let index = 0; index < messagesEach; index += 1) {
        const message = nextMessage(talk, newId);
        await storage.transaction((trx) => insertMessage(trx, message));
        talk.leaf = message;
      }
    }),
  );
  return (talks.length * messagesEach * 1000) / (performance.now() - startedAt);
}

/** Milliseconds that the disk takes to keep four kilobytes: what one writer alone cannot go below. */
async function measureSync(folder: string): Promise<number> {
  const file = await open(join(folder, 'sync'), 'w');
  const times: number[] = [];
  for (let index = 0; index < 200; index += 1) {
    const startedAt = performance.now();
    await file.write(Buffer.alloc(4096), 0, 4096, index * 4096);
    await file.datasync();
    times.push(performance.now() - startedAt);
  }
  await file.close();
  return median(times);
}

const dataDirectory = await mkdtemp(join(tmpdir(), 'everwith-bench-'));
try {
  await using storage = await openStorage({ dataDirectory, clock: systemClock });
  const talks: Talk[] = [];
  for (let index = 0; index < WRITERS; index += 1) talks.push(await beginConversation(storage, newId));
  const together: number[] = [];
  const alone: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const many = await writeWith(storage, talks, MESSAGES_PER_WRITER);
    const one = await writeWith(storage, talks.slice(0, 1), MESSAGES_ALONE);
    if (round === 0) continue; // warms both up
    together.push(many);
    alone.push(one);
  }
  const value = median(together);
  const reference = median(alone);
  console.error(`The disk keeps 4 KiB in ${(await measureSync(dataDirectory)).toFixed(2)} ms.`);
  printFigure({
    name: `storage: durable messages per second, ${WRITERS} writers against one`,
    value,
    unit: 'messages/s',
    reference,
    target: '>= 20x',
    pass: value >= 20 * reference,
  });
} finally {
  await rm(dataDirectory, { recursive: true, force: true });
}
