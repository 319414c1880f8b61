import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { meteredPurposeSchema, type Usage } from '../../contract/metering.ts';
import { systemClock } from '../../src/base/clock.ts';
import { AppError } from '../../src/base/errors.ts';
import { createIdGenerator } from '../../src/base/ids.ts';
import { silentLogger } from '../../src/base/logger.ts';
import { createEventWriter } from '../../src/events/event-store.ts';
import { NO_USAGE } from '../../src/metering/cost.ts';
import { Ledger } from '../../src/metering/ledger.ts';
import type { MeteredCall } from '../../src/metering/meter.ts';
import { findDifferences } from '../../src/metering/reconcile-store.ts';
import { openTestStorage, type TestStorage } from '../support/open-test-storage.ts';
import { isFull, onPostgres } from './support/test-database.ts';

const RUNS = { full: onPostgres ? 1_000 : 10_000, sample: onPostgres ? 3 : 8 };
/** Each unit costs one for a count of one, so that counts mean the same whatever is used. */
const PRICES = {
  inputPerMillion: 1_000_000,
  outputPerMillion: 1_000_000,
  charactersPerMillion: 1_000_000,
  audioPerMinute: 60_000,
  image: 1,
  videoPerMinute: 60_000,
};
const UNITS = ['outputTokens', 'inputTokens', 'characters', 'audioInMs', 'images', 'videoInMs'] as const;
const KINDS = { characters: 'speech', audioInMs: 'transcription', images: 'image', videoInMs: 'video' } as const;
const PEOPLE = ['ana', 'bo', 'cleo'];

let place: TestStorage;
/** Two of them on one database: what one holds in memory the other knows only by its rows. */
let ledgers: Ledger[];

beforeAll(async () => {
  place = await openTestStorage();
  const { storage } = place;
  const newId = createIdGenerator(systemClock);
  const events = createEventWriter({ clock: systemClock, newId });
  const options = { storage, events, clock: systemClock, newId, logger: silentLogger() };
  ledgers = [new Ledger(options), new Ledger(options)];
  await ledgers[0]!.start();
  await ledgers[0]!.setPrices({ ref: '*', prices: PRICES, actorId: null });
  for (const userId of PEOPLE) {
    await ledgers[0]!.openAccount(`user:${userId}`);
    await ledgers[0]!.setCreditLimit(`user:${userId}`, userId === 'cleo' ? null : 0);
  }
  const budget = { scope: 'all', subject: null, period: 'total', softLimit: 40_000, hardLimit: 10_000_000 } as const;
  await ledgers[0]!.budgets.create(budget, 'ana');
});
afterAll(async () => {
  for (const ledger of ledgers) await ledger[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const step = fc.record({
  person: fc.constantFrom(...PEOPLE),
  ledger: fc.nat({ max: 1 }),
  what: fc.constantFrom('settle', 'settle', 'settle', 'settle-in', 'twice', 'void', 'race', 'credit', 'recover'),
  unit: fc.constantFrom(...UNITS),
  purpose: fc.constantFrom(...meteredPurposeSchema.options),
  tokens: fc.nat({ max: 4_000 }),
  more: fc.nat({ max: 6_000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function perform({ person, ledger: index, what, unit, purpose, tokens, more }: Step): Promise<void> {
  const ledger = ledgers[index]!;
  const { storage } = place;
  if (what === 'recover') return void (await ledger.recover({ all: false }));
  if (what === 'credit') {
    const amount = tokens % 2 === 0 ? tokens * 5 + 1 : -more - 1;
    return ledger.credit({ accountId: `user:${person}`, amount, kind: 'credit', actorId: null, note: '' });
  }
  const call = await ledger.begin({
    payer: { userId: person, keyId: null, teamId: null },
    door: purpose === 'request' ? 'api' : 'background',
    purpose,
    kind: unit in KINDS ? KINDS[unit as keyof typeof KINDS] : 'text',
    model: 'model',
    refs: ['local:model'],
    estimate: { ...NO_USAGE, [unit]: tokens },
  });
  const usage = { ...NO_USAGE, [unit]: more };
  await call.progress(usage);
  await end(call, { what, usage, run: (work) => storage.transaction(work) });
}

async function end(
  call: MeteredCall,
  { what, usage, run }: { what: string; usage: Usage; run: TestStorage['storage']['transaction'] },
): Promise<void> {
  const done = { ref: 'local:model', usage, usageSource: 'provider', outcome: 'done' } as const;
  if (what === 'void') return call.void({ outcome: 'failed' });
  if (what === 'settle-in') return void (await run((trx) => call.settleIn(trx, done)));
  if (what === 'race') await Promise.all([call.settle(done), run((trx) => call.settleIn(trx, done)), call.void(done)]);
  const first = await call.settle(done);
  if (what === 'twice') expect(await call.settle(done)).toEqual(first);
}

test(
  'whatever two ledgers do to one database at once, the books agree and nobody is below a limit',
  async () => {
    const seen = { done: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
        const outcomes = await Promise.allSettled(steps.map(perform));
        const reasons = outcomes.flatMap((outcome) =>
          outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
        );
        expect(reasons.filter((reason) => !(reason instanceof AppError))).toEqual([]);
        seen.refused += reasons.length;
        seen.done += outcomes.length - reasons.length;
        const { db } = place.storage;
        expect(await findDifferences(db)).toEqual([]);
        const accounts = await db.selectFrom('ledgerAccount').selectAll().execute();
        const below = accounts.filter(
          ({ balance, held, creditLimit }) => creditLimit !== null && balance + creditLimit - held < 0,
        );
        expect(below).toEqual([]);
        expect(accounts.filter(({ held }) => held !== 0)).toEqual([]);
      }),
      { numRuns: isFull ? RUNS.full : RUNS.sample },
    );
    expect(Math.min(seen.done, seen.refused)).toBeGreaterThan(RUNS.sample);
    const { db } = place.storage;
    const ends = await db.selectFrom('event').select('subjectId').where('type', '=', 'model-use').execute();
    const ended = await db.selectFrom('meteredCall').select('id').where('state', '!=', 'held').execute();
    const sorted = (ids: readonly string[]) => ids.toSorted();
    expect(sorted(ends.map(({ subjectId }) => subjectId))).toEqual(sorted(ended.map(({ id }) => id)));
    const told = await place.storage.db.selectFrom('event').select('type').where('type', '=', 'budget-soft').execute();
    expect(told).toHaveLength(1);
  },
  isFull ? 3_600_000 : 60_000,
);
