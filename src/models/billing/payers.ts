import type { Actor } from '../../accounts/actor.ts';
import type { Payer } from '../../metering/meter.ts';

/** Who pays for what somebody asks, with a key or without. */
export function payerOf({ userId, key, inBatch }: Actor): Payer {
  return { userId, keyId: key?.id ?? null, teamId: key?.teamId ?? null, ...(inBatch ? { inBatch } : {}) };
}

/** For what is done around what a person said and did. */
export function personally(userId: string): Payer {
  return { userId, keyId: null, teamId: null };
}
