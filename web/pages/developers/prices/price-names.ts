import type { Prices } from '../../../../contract/metering.ts';

/** As the ledger calls all that has no prices of its own. */
export const ANY_REF = '*';

export const PRICE_NAMES = [
  'inputPerMillion',
  'cachedInputPerMillion',
  'outputPerMillion',
  'charactersPerMillion',
  'audioPerMinute',
  'image',
  'videoPerMinute',
] as const satisfies readonly (keyof Prices)[];
