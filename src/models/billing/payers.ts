import type { Actor } from '../../accounts/actor.ts';
import type { Payer } from '../../metering/meter.ts';

/** Who pays for what somebody asks, with a key or without. */
export function payerOf({ userId, key }: Actor): Payer {
  return { userId, keyId: key?.id ?? null, teamId: key?.teamId ?? null };
}

/** For what is done around what a person said and did. */
export function personally(userId: string): Payer {
  return { userId, keyId: null, teamId: null };
}
