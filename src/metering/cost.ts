import type { Prices, Usage } from '../../contract/metering.ts';

const MILLION = 1_000_000;
const MINUTE_IN_MS = 60_000;

export const NO_USAGE: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  characters: 0,
  audioInMs: 0,
  images: 0,
  videoInMs: 0,
};

/**
 * What usage costs, in nano-units, rounded up once. Cached tokens are among the input tokens and take their own price.
 * Exact: what is too large for numbers is reckoned in big integers.
 */
export function costOf(usage: Usage, prices: Prices): number {
  return costOfTokens(usage, prices) ?? costOfAll(usage, prices);
}

/** Most calls use nothing but tokens; null where there is more, or too much for exact numbers. */
function costOfTokens(usage: Usage, prices: Prices): number | null {
  if (usage.characters > 0 || usage.audioInMs > 0 || usage.images > 0 || usage.videoInMs > 0) return null;
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const { inputPerMillion = 0, cachedInputPerMillion = inputPerMillion, outputPerMillion = 0 } = prices;
  const scaled =
    (usage.inputTokens - cached) * inputPerMillion +
    cached * cachedInputPerMillion +
    usage.outputTokens * outputPerMillion;
  if (scaled > Number.MAX_SAFE_INTEGER) return null;
  const rest = scaled % MILLION;
  return (scaled - rest) / MILLION + (rest > 0 ? 1 : 0);
}

function costOfAll(usage: Usage, prices: Prices): number {
  const cached = Math.min(usage.cachedInputTokens, usage.inputTokens);
  const { inputPerMillion = 0, cachedInputPerMillion = inputPerMillion } = prices;
  // In millionths of a nano-unit, so that nothing is lost before the one rounding.
  const perMillion =
    product(usage.inputTokens - cached, inputPerMillion) +
    product(cached, cachedInputPerMillion) +
    product(usage.outputTokens, prices.outputPerMillion ?? 0) +
    product(usage.characters, prices.charactersPerMillion ?? 0);
  const perMinute =
    product(usage.audioInMs, prices.audioPerMinute ?? 0) + product(usage.videoInMs, prices.videoPerMinute ?? 0);
  const whole = product(usage.images, prices.image ?? 0);
  const scaled = perMillion * BigInt(MINUTE_IN_MS) + perMinute * BigInt(MILLION);
  const divisor = BigInt(MILLION) * BigInt(MINUTE_IN_MS);
  const nano = whole + (scaled + divisor - 1n) / divisor;
  return Number(nano);
}

/** Prices of a line of a batch, rounded up. */
export function batchPrices({ batchPercent = 100, ...prices }: Prices): Prices {
  const reduced = Object.entries(prices).map(([name, price = 0]) => [name, Math.ceil((price * batchPercent) / 100)]);
  return Object.fromEntries(reduced) as Prices;
}

function product(count: number, price: number): bigint {
  return count === 0 || price === 0 ? 0n : BigInt(count) * BigInt(price);
}
