import type { LoreEntry } from '../../../contract/lore.ts';

/** SillyTavern's numbers, by their place in the lists. */
export const ST_POSITIONS: readonly LoreEntry['position'][] = [
  'before-char',
  'after-char',
  'note-top',
  'note-bottom',
  'at-depth',
  'examples-top',
  'examples-bottom',
  'outlet',
];
export const ST_ROLES: readonly LoreEntry['role'][] = ['system', 'user', 'assistant'];
export const ST_LOGIC: readonly LoreEntry['selectiveLogic'][] = ['and-any', 'not-all', 'not-any', 'and-all'];

/** Fields that are the same value under both names: ours and world info's, and the one in a card's `extensions`. */
export const ST_SAME = {
  probability: 'probability',
  useProbability: 'useProbability',
  depth: 'depth',
  outletName: 'outlet_name',
  group: 'group',
  groupOverride: 'group_override',
  groupWeight: 'group_weight',
  excludeRecursion: 'exclude_recursion',
  preventRecursion: 'prevent_recursion',
  ignoreBudget: 'ignore_budget',
  scanDepth: 'scan_depth',
  caseSensitive: 'case_sensitive',
  matchWholeWords: 'match_whole_words',
  useGroupScoring: 'use_group_scoring',
  sticky: 'sticky',
  cooldown: 'cooldown',
  delay: 'delay',
  triggers: 'triggers',
  matchPersonaDescription: 'match_persona_description',
  matchCharacterDescription: 'match_character_description',
  matchCharacterPersonality: 'match_character_personality',
  matchCharacterDepthPrompt: 'match_character_depth_prompt',
  matchScenario: 'match_scenario',
  matchCreatorNotes: 'match_creator_notes',
} as const satisfies Partial<Record<keyof LoreEntry, string>>;
export type StSame = keyof typeof ST_SAME;

/** What SillyTavern keeps beside them, which does nothing here; by world info's name, then the card's. */
export const ST_KEPT: Readonly<Record<string, string>> = {
  vectorized: 'vectorized',
  automationId: 'automation_id',
  displayIndex: 'display_index',
};

/** Keys of a card entry's `extensions` that only SillyTavern writes. */
export const ST_EXTENSION_KEYS: ReadonlySet<string> = new Set([
  ...Object.values(ST_SAME),
  ...Object.values(ST_KEPT),
  'position',
  'role',
  'selectiveLogic',
  'delay_until_recursion',
  'character_filter',
]);
