import type { PromptSlot } from '../../../contract/prompts.ts';

/** SillyTavern's identifiers of prompts with a place of their own; every other prompt is `custom`. */
const SLOTS: Readonly<Record<string, PromptSlot>> = {
  main: 'house',
  worldInfoBefore: 'lore-before',
  personaDescription: 'persona',
  charDescription: 'character',
  charPersonality: 'personality',
  scenario: 'scenario',
  worldInfoAfter: 'lore-after',
  dialogueExamples: 'examples',
  chatHistory: 'history',
  jailbreak: 'post-history',
};
const IDENTIFIERS = new Map(Object.entries(SLOTS).map(([identifier, slot]) => [slot, identifier]));

/** Prompts that ship with SillyTavern though their text is plain: `system_prompt` is true on them. */
const SHIPPED: ReadonlySet<string> = new Set(['main', 'nsfw', 'jailbreak', 'enhanceDefinitions']);

/** Names where a file gives none. */
export const PROMPT_NAMES: Readonly<Record<string, string>> = {
  main: 'Main Prompt',
  nsfw: 'Auxiliary Prompt',
  jailbreak: 'Post-History Instructions',
  enhanceDefinitions: 'Enhance Definitions',
  worldInfoBefore: 'World Info (before)',
  worldInfoAfter: 'World Info (after)',
  personaDescription: 'Persona Description',
  charDescription: 'Char Description',
  charPersonality: 'Char Personality',
  scenario: 'Scenario',
  dialogueExamples: 'Chat Examples',
  chatHistory: 'Chat History',
};

export function slotOf(identifier: string): PromptSlot {
  return Object.hasOwn(SLOTS, identifier) ? (SLOTS[identifier] ?? 'custom') : 'custom';
}

/** The identifier of a slot; undefined for `custom` and for what SillyTavern does not order. */
export function identifierOf(slot: PromptSlot): string | undefined {
  return IDENTIFIERS.get(slot);
}

/** Slots whose text the preset writes; the others only mark a place. */
export function isMarker(slot: PromptSlot): boolean {
  return slot !== 'custom' && slot !== 'house' && slot !== 'post-history';
}

export function isShipped(identifier: string): boolean {
  return SHIPPED.has(identifier);
}

/** What SillyTavern sends where a preset orders nothing, in that order. */
export const DEFAULT_ORDER: readonly { identifier: string; enabled: boolean }[] = [
  { identifier: 'main', enabled: true },
  { identifier: 'worldInfoBefore', enabled: true },
  { identifier: 'personaDescription', enabled: true },
  { identifier: 'charDescription', enabled: true },
  { identifier: 'charPersonality', enabled: true },
  { identifier: 'scenario', enabled: true },
  { identifier: 'enhanceDefinitions', enabled: false },
  { identifier: 'nsfw', enabled: true },
  { identifier: 'worldInfoAfter', enabled: true },
  { identifier: 'dialogueExamples', enabled: true },
  { identifier: 'chatHistory', enabled: true },
  { identifier: 'jailbreak', enabled: true },
];
