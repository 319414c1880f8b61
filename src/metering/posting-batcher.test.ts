import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../base/clock.ts';
import { createIdGenerator } from '../base/ids.ts';
import { silentLogger } from '../base/logger.ts';
import { createEventWriter } from '../events/event-store.ts';
import { openStorage } from '../storage/storage.ts';
import { NO_USAGE } from './cost.ts';
import { Ledger } from './ledger.ts';
import { findDifferences } from './reconcile-store.ts';

test('what is remembered of a held call does not count where somebody else has ended it', async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'everwith-posting-'));
  try {
    await using storage = await openStorage({ dataDirectory, clock: systemClock });
    const newId = createIdGenerator(systemClock);
    const events = createEventWriter({ clock: systemClock, newId });
    const options = { storage, events, clock: systemClock, newId, logger: silentLogger() };
    await using own = new Ledger(options);
    await using other = new Ledger(options);
    await own.start();
    await own.setPrices({ ref: 'place:model', prices: { outputPerMillion: 1_000_000_000 }, actorId: null });
    const payer = { userId: 'u', keyId: null, teamId: null };
    const estimate = { ...NO_USAGE, outputTokens: 100 };
    const request = { payer, door: 'api', kind: 'text', model: 'model', refs: ['place:model'], estimate } as const;
    const [taken, kept] = await Promise.all([own.begin(request), own.begin(request)]);
    await other.recover({ all: true });
    const end = { ref: 'place:model', usage: estimate, usageSource: 'provider', outcome: 'done' } as const;
    const settled = await Promise.all([taken.settle(end), kept.settle(end), own.begin(request)]);
    expect(settled.slice(0, 2)).toEqual([{ cost: 0 }, { cost: 0 }]);
    expect(await findDifferences(storage.db)).toEqual([]);
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
});
