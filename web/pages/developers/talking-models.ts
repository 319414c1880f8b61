import type { ModelChoice } from '../../../contract/models.ts';
import type { V1Model } from './call-v1.ts';

export const CHARACTER = 'character/';

/** The model of the house that a name in `/v1` stands for; routes and characters are none. */
export function choiceNamed(choices: readonly ModelChoice[], name: string): ModelChoice | undefined {
  return choices.find(({ ref }) => ref === name || ref.slice(ref.indexOf(':') + 1) === name);
}

/** Names of what answers in words; `/v1/models` lists what speaks, listens and makes vectors, too. */
export function talkingNames(models: readonly V1Model[], choices: readonly ModelChoice[]): string[] {
  const talks = ({ id, owned_by: place }: V1Model) =>
    id.startsWith(CHARACTER) || place === 'route' || choiceNamed(choices, id) !== undefined;
  return models.filter(talks).map(({ id }) => id);
}
