import type { Actor } from '../../accounts/actor.ts';
import { ForbiddenError } from '../../base/errors.ts';

/** Throws where the key is for other models. */
export function requireModelAllowed({ key }: Actor, name: string): void {
  if (!key?.models || key.models.includes(name)) return;
  throw new ForbiddenError(`This API key may not use the model “${name.slice(0, 200)}”.`, {
    code: 'model-not-allowed',
    field: 'model',
  });
}
