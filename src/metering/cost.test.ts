import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Prices, Usage } from '../../contract/metering.ts';
import { batchPrices, costOf, NO_USAGE } from './cost.ts';

const count = fc.nat({ max: 2_000_000 });
const price = fc.option(fc.nat({ max: 100_000_000_000 }), { nil: undefined });
const usages: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  characters: count,
  audioInMs: count,
  images: fc.nat({ max: 100 }),
  videoInMs: count,
});
const prices = fc.record({
  inputPerMillion: price,
  cachedInputPerMillion: price,
  outputPerMillion: price,
  charactersPerMillion: price,
  audioPerMinute: price,
  image: fc.option(fc.nat({ max: 1_000_000_000 }), { nil: undefined }),
  videoPerMinute: price,
}) as fc.Arbitrary<Prices>;

/** The same as a fraction of 6·10¹⁰ths, by the words of the rule. */
function exact(usage: Usage, price: Prices): bigint {
  const times = (amount: number, each: number | undefined, per: bigint) =>
    (BigInt(amount) * BigInt(each ?? 0) * 60_000_000_000n) / per;
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  return (
    times(usage.inputTokens - cached, price.inputPerMillion, 1_000_000n) +
    times(cached, price.cachedInputPerMillion ?? price.inputPerMillion, 1_000_000n) +
    times(usage.outputTokens, price.outputPerMillion, 1_000_000n) +
    times(usage.characters, price.charactersPerMillion, 1_000_000n) +
    times(usage.audioInMs, price.audioPerMinute, 60_000n) +
    times(usage.videoInMs, price.videoPerMinute, 60_000n) +
    times(usage.images, price.image, 1n)
  );
}

test('a cost is the exact sum, rounded up once', () => {
  fc.assert(
    fc.property(usages, prices, (usage, price) => {
      const cost = BigInt(costOf(usage, price)) * 60_000_000_000n;
      const owed = exact(usage, price);
      return cost >= owed && cost - owed < 60_000_000_000n;
    }),
    { numRuns: 2_000 },
  );
});

test('more of anything but cached tokens never costs less', () => {
  fc.assert(
    fc.property(
      usages,
      prices,
      fc.constantFrom(...Object.keys(NO_USAGE)),
      fc.nat({ max: 10_000 }),
      (usage, price, unit, more) => {
        if (unit === 'cachedInputTokens') return true;
        const greater = { ...usage, [unit]: usage[unit as keyof Usage] + more };
        return costOf(greater, price) >= costOf(usage, price);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('one token at the smallest price costs the smallest coin, and nothing costs nothing', () => {
  expect(costOf({ ...NO_USAGE, outputTokens: 1 }, { outputPerMillion: 1 })).toBe(1);
  expect(costOf({ ...NO_USAGE, outputTokens: 1_000_001 }, { outputPerMillion: 1 })).toBe(2);
  expect(costOf(NO_USAGE, { outputPerMillion: 5 })).toBe(0);
  expect(costOf({ ...NO_USAGE, audioInMs: 30_000, images: 2 }, { audioPerMinute: 3, image: 7 })).toBe(16);
});

test('lines of batches cost their share, rounded up, and nothing less where none is said', () => {
  expect(batchPrices({ inputPerMillion: 3, image: 100, batchPercent: 50 })).toEqual({ inputPerMillion: 2, image: 50 });
  expect(batchPrices({ outputPerMillion: 7 })).toEqual({ outputPerMillion: 7 });
  expect(batchPrices({ outputPerMillion: 7, batchPercent: 0 })).toEqual({ outputPerMillion: 0 });
});

test('tokens alone cost what they cost beside something else that is free', () => {
  const tokens = fc.record({ inputTokens: count, cachedInputTokens: count, outputTokens: count });
  fc.assert(
    fc.property(tokens, prices, (used, price) => {
      const alone = { ...NO_USAGE, ...used };
      const beside = { ...alone, audioInMs: 1 };
      return costOf(alone, price) === costOf(beside, { ...price, audioPerMinute: 0 });
    }),
    { numRuns: 2_000 },
  );
});
