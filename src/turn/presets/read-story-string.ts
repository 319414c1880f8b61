import { presetSegmentSchema, type PresetSegment, type PromptSlot } from '../../../contract/prompts.ts';
import type { PresetWarnings } from './preset-warnings.ts';

/** Parameters of SillyTavern's story string, and the places they are. */
const PARAMETERS: Readonly<Record<string, PromptSlot>> = {
  system: 'house',
  wibefore: 'lore-before',
  lorebefore: 'lore-before',
  description: 'character',
  personality: 'personality',
  scenario: 'scenario',
  wiafter: 'lore-after',
  loreafter: 'lore-after',
  persona: 'persona',
  mesexamples: 'examples',
  mesexamplesraw: 'examples',
};
const FIELDS: ReadonlySet<PromptSlot> = new Set(['character', 'personality', 'scenario', 'persona']);
/** A parameter alone, or within its own condition; nothing nests in the files there are. */
const PART =
  /\{\{\s*#if\s+(\w{1,40})\s*\}\}((?:(?!\{\{\s*\/if)[\s\S]){0,4000}?)\{\{\s*\/if\s*\}\}|\{\{\s*(\w{1,40})\s*\}\}/g;
/** The longest story string that is read. */
const MAX_STORY = 30_000;

/**
 * The segments a story string asks for, in its order, each field with the words around it. What has no parameter in it
 * is SillyTavern's own frame around a turn, which an instruct template or the model's chat template gives.
 */
export function readStoryString(story: string, warnings: PresetWarnings): PresetSegment[] {
  const found = new Map<PromptSlot, string | null>();
  for (const [whole, condition, inside, bare] of story.slice(0, MAX_STORY).matchAll(PART)) {
    const name = (condition ?? bare ?? '').toLowerCase();
    const slot = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    if (slot === undefined) {
      if (condition !== undefined) warnings.add('unused-text', whole.slice(0, 100));
      continue;
    }
    if (!found.has(slot)) found.set(slot, FIELDS.has(slot) ? wordsAround(inside ?? '', name) : null);
  }
  const rest: PromptSlot[] = ['note', 'examples', 'history', 'post-history'];
  const slots = [...found.keys(), ...rest.filter((slot) => !found.has(slot))];
  // A story string without a system prompt still goes to models that need one.
  if (!found.has('house')) slots.unshift('house');
  return slots.map((slot) => presetSegmentSchema.parse({ id: slot, slot, text: found.get(slot) ?? null }));
}

/** `Scenario: {{scenario}}`; null where nothing stands around the field. */
function wordsAround(inside: string, parameter: string): string | null {
  const words = inside.trim();
  const isBare = words === '' || words.toLowerCase() === `{{${parameter}}}`;
  return isBare ? null : words;
}
