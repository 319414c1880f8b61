import type { Actor } from '../../accounts/actor.ts';
import { ForbiddenError } from '../../base/errors.ts';
import type { Payer } from '../../metering/meter.ts';

/** Who pays for what somebody asks of the platform. */
export function payerOf({ userId, key }: Actor): Payer {
  return { userId, keyId: key?.id ?? null, teamId: key?.teamId ?? null };
}

/** Throws where the key is for other models. */
export function requireModelAllowed({ key }: Actor, name: string): void {
  if (!key?.models || key.models.includes(name)) return;
  throw new ForbiddenError(`This API key may not use the model “${name.slice(0, 200)}”.`, {
    code: 'model-not-allowed',
    field: 'model',
  });
}
