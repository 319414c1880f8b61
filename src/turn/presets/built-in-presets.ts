import { presetBodySchema, type PresetBody, type PromptSlot } from '../../../contract/prompts.ts';

export interface BuiltInPreset {
  id: string;
  name: string;
  body: PresetBody;
}

function bodyOf(order: PresetBody['order'], slots: readonly PromptSlot[]): PresetBody {
  const segments = slots.map((slot) => ({ id: slot, slot, enabled: true }));
  return presetBodySchema.parse({ order, segments });
}

/** What ships with the house. They cannot be changed, only copied; their ids never change. */
export const builtInPresets = {
  /** What stays the same stands first; what changes from turn to turn is moved to the tail when a prompt is made. */
  stable: {
    id: 'house-stable',
    name: 'Everwith',
    body: bodyOf('stable', [
      'house',
      'lore-before',
      'character',
      'personality',
      'scenario',
      'persona',
      'lore-after',
      'note',
      'examples',
      'history',
      'post-history',
    ]),
  },
  /** SillyTavern's chat-completion order (its default prompt manager). */
  classic: {
    id: 'house-classic',
    name: 'Classic',
    body: bodyOf('classic', [
      'house',
      'lore-before',
      'persona',
      'character',
      'personality',
      'scenario',
      'lore-after',
      'note',
      'examples',
      'history',
      'post-history',
    ]),
  },
} as const satisfies Record<string, BuiltInPreset>;

export const builtInPresetList: readonly BuiltInPreset[] = Object.values(builtInPresets);

export function findBuiltInPreset(id: string): BuiltInPreset | undefined {
  return builtInPresetList.find((preset) => preset.id === id);
}
