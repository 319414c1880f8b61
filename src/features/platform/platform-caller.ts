import type { Actor } from '../../accounts/actor.ts';
import { ForbiddenError } from '../../base/errors.ts';

/** The same caller for what belongs to a model that they may use: the words behind a character, the voice of an answer. */
export function withEveryModel(actor: Actor): Actor {
  return actor.key ? { ...actor, key: { ...actor.key, models: null } } : actor;
}

/** Throws where the key is for other models. */
export function requireModelAllowed({ key }: Actor, name: string): void {
  if (!key?.models || key.models.includes(name)) return;
  throw new ForbiddenError(`This API key may not use the model “${name.slice(0, 200)}”.`, {
    code: 'model-not-allowed',
    field: 'model',
  });
}
