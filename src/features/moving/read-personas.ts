import { cleanText } from '../../../contract/common.ts';
import { cleanName } from '../../conversation/exchange/silly-tavern-message.ts';
import { asObject, asText } from '../../conversation/exchange/safe-json.ts';
import type { FoundPersona } from './moving-context.ts';

/** `power_user.persona_description_position`; 1 is an older word for 0. */
const POSITIONS: Readonly<Record<number, FoundPersona['position']>> = {
  0: 'prompt',
  1: 'prompt',
  2: 'note-top',
  3: 'note-bottom',
  4: 'at-depth',
  9: 'none',
};
const ROLES = ['system', 'user', 'assistant'] as const;
const MAX_PERSONAS = 1000;

/** The personas of SillyTavern's `settings.json`, each with the name of its picture in `User Avatars`. */
export function readPersonas(settings: unknown): { avatar: string; persona: FoundPersona }[] {
  const user = asObject(asObject(settings)['power_user']);
  const descriptions = asObject(user['persona_descriptions']);
  return Object.entries(asObject(user['personas']))
    .slice(0, MAX_PERSONAS)
    .flatMap(([avatar, name]) => {
      const shown = cleanName(name).slice(0, 100);
      if (shown === '') return [];
      const described = asObject(descriptions[avatar]);
      const number = (key: string, fallback: number) =>
        typeof described[key] === 'number' && Number.isInteger(described[key]) && described[key] >= 0
          ? described[key]
          : fallback;
      return [
        {
          avatar,
          persona: {
            name: shown,
            title: cleanName(described['title']),
            description: cleanText(asText(described['description'])).slice(0, 60_000),
            position: POSITIONS[number('position', 0)] ?? 'prompt',
            depth: Math.min(number('depth', 2), 10_000),
            role: ROLES[number('role', 0)] ?? 'system',
            isDefault: user['default_persona'] === avatar,
            book: asText(described['lorebook']),
          },
        },
      ];
    });
}
