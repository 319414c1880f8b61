import type { PromptSlot } from '../../contract/prompts.ts';
import { hasVolatileMacros } from '../lore/macros/has-volatile-macros.ts';
import { JOINT } from './prompt-chunks.ts';
import type { PromptMaterial } from './prompt-material.ts';
import type { Draft } from './segment-drafts.ts';

/** What a story string calls the text of each slot (SillyTavern's context templates), in lower case. */
const STORY_NAMES: Partial<Record<PromptSlot, readonly string[]>> = {
  house: ['system'],
  'lore-before': ['wibefore', 'lorebefore'],
  persona: ['persona'],
  character: ['description'],
  personality: ['personality'],
  scenario: ['scenario'],
  'lore-after': ['wiafter', 'loreafter'],
};
/** Known to story strings, and always empty here: their texts stand elsewhere. */
const ABSENT = ['anchorbefore', 'anchorafter', 'mesexamples', 'mesexamplesraw'];

export function hasStory({ preset: { body } }: PromptMaterial): boolean {
  return (body.context?.story_string ?? '').trim() !== '';
}

export function isTold(slot: PromptSlot): boolean {
  return STORY_NAMES[slot] !== undefined;
}

/**
 * The beginning of a prompt as a context template words it: one text made of the slots' texts. Lore that comes and goes
 * is left out of it in stable order and stands for itself, so that the story's bytes stay.
 */
export function storyDrafts(material: PromptMaterial, told: ReadonlyMap<PromptSlot, readonly Draft[]>): Draft[] {
  const { body } = material.preset;
  const story = body.context?.story_string ?? '';
  const names = new Map(ABSENT.map((name) => [name, '']));
  const apart: Draft[] = [];
  let stable = !hasVolatileMacros(story);
  for (const [slot, synonyms] of Object.entries(STORY_NAMES)) {
    const drafts = told.get(slot as PromptSlot) ?? [];
    const inside = body.order === 'stable' ? drafts.filter(({ stable }) => stable) : drafts;
    apart.push(...drafts.filter((draft) => !inside.includes(draft)));
    stable &&= inside.every((draft) => draft.stable);
    for (const name of synonyms) names.set(name, inside.map(({ text }) => text).join(JOINT));
  }
  const text = material.render(story, { extra: names, persona: names.get('persona') ?? '' }).trim();
  const draft: Draft = { kind: 'story', owner: body.context?.name ?? '', role: 'system', text, stable };
  return text === '' ? apart : [draft, ...apart];
}
