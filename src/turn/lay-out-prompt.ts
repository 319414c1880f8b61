import type { PromptSlot, SentRole } from '../../contract/prompts.ts';
import { hasVolatileMacros } from '../lore/macros/has-volatile-macros.ts';
import { parseExampleBlocks } from './example-dialogue.ts';
import type { PromptMaterial } from './prompt-material.ts';
import {
  draftsOf,
  filesDrafts,
  loreDrafts,
  noteDrafts,
  roomDrafts,
  segmentDrafts,
  spokenDrafts,
  worldDrafts,
  type Draft,
} from './segment-drafts.ts';
import { hasStory, isTold, storyDrafts } from './tell-story.ts';

/** Text spliced into the history. */
export interface Injection {
  draft: Draft;
  /** Messages from the end, or from the start. */
  depth: number;
  from: 'end' | 'start';
  /** Lower first among several at one depth. */
  order: number;
}

export interface Layout {
  /** Before the examples. */
  head: Draft[];
  /** Around and of the example dialogue; each block leaves or stays whole. */
  examplesTop: Draft[];
  exampleBlocks: Draft[][];
  examplesBottom: Draft[];
  /** After the examples, before the history. */
  neck: Draft[];
  injections: Injection[];
  /** After the history. */
  after: Draft[];
}

/** At one depth, from top to bottom (SillyTavern's order). */
const ROLE_RANK: Record<SentRole, number> = { assistant: 0, user: 1, tool: 1, system: 2 };
/** Where notes without an order of their own stand among what the preset orders, which defaults to 100. */
const NOTE_ORDER = 100;
/** Passages of files stand before the newest message, where they cost the engine least. */
const FILES_DEPTH = 1;

/** Puts every part of the prompt but the history where the preset, the books and the card ask for it. */
export function layOutPrompt(material: PromptMaterial): Layout {
  const layout: Layout = {
    head: [],
    examplesTop: [],
    exampleBlocks: [],
    examplesBottom: [],
    neck: [],
    injections: [],
    after: [],
  };
  let place = layout.head;
  const told = hasStory(material) ? new Map<PromptSlot, Draft[]>() : null;
  const segments = material.preset.body.segments.filter(({ enabled }) => enabled);
  for (const segment of segments) {
    if (segment.slot === 'history') place = layout.after;
    else if (segment.slot === 'examples') {
      layout.examplesTop = loreDrafts(material, 'examples-top', 'lore-examples');
      layout.exampleBlocks = exampleBlocks(material);
      layout.examplesBottom = loreDrafts(material, 'examples-bottom', 'lore-examples');
      if (place === layout.head) place = layout.neck;
    } else {
      const drafts = segmentDrafts(material, segment);
      if (told && isTold(segment.slot)) told.set(segment.slot, drafts);
      else if (segment.depth === null) place.push(...drafts);
      else layout.injections.push(...atDepth(drafts, { depth: segment.depth, order: segment.order }));
    }
  }
  if (!material.preset.body.segments.some(({ slot }) => slot === 'room')) layout.head.push(...roomDrafts(material));
  if (!material.preset.body.segments.some(({ slot }) => slot === 'world')) layout.head.push(...worldDrafts(material));
  // The last of what the system says: what was kept ready of all before it serves calls too.
  if (!material.preset.body.segments.some(({ slot }) => slot === 'spoken')) layout.head.push(...spokenDrafts(material));
  if (told) layout.head.unshift(...storyDrafts(material, told));
  layout.injections.push(...injections(material));
  layout.injections.sort((a, b) => a.order - b.order || ROLE_RANK[a.draft.role] - ROLE_RANK[b.draft.role]);
  return layout;
}

function atDepth(drafts: readonly Draft[], { depth, order }: { depth: number; order: number }): Injection[] {
  return drafts.map((draft) => ({ draft, depth, from: 'end', order }));
}

/** Everything that asks for a depth in the history of its own accord. */
function injections(material: PromptMaterial): Injection[] {
  const { note, persona, lore, room } = material;
  const depthPrompts = [...(material.depthPrompt ? [material.depthPrompt] : []), ...(room?.depthPrompts ?? [])];
  const found: Injection[] = [];
  if (note && note.depth !== null) {
    found.push(...atDepth(noteDrafts(material), { depth: note.depth, order: NOTE_ORDER }));
  }
  if (persona?.position === 'at-depth') {
    const drafts = draftsOf(material, {
      kind: 'persona',
      owner: persona.name,
      role: persona.role,
      raw: persona.description,
    });
    found.push(...atDepth(drafts, { depth: persona.depth, order: NOTE_ORDER }));
  }
  for (const depthPrompt of depthPrompts) {
    const drafts = draftsOf(material, { kind: 'injection', owner: '', role: depthPrompt.role, raw: depthPrompt.text });
    found.push(...atDepth(drafts, { depth: depthPrompt.depth, order: NOTE_ORDER }));
  }
  found.push(...atDepth(filesDrafts(material), { depth: FILES_DEPTH, order: NOTE_ORDER }));
  for (const placement of lore.placements) {
    if (placement.slot !== 'at-depth' && placement.slot !== 'reverse-depth') continue;
    const { owner, role, text, depth, order } = placement;
    found.push({
      draft: { kind: 'lore-depth', owner, role, text, stable: false },
      depth: depth ?? 0,
      from: placement.slot === 'at-depth' ? 'end' : 'start',
      order,
    });
  }
  return found;
}

function exampleBlocks(material: PromptMaterial): Draft[][] {
  const { card, preset, render } = material;
  const raw = card.exampleDialogue.trim();
  if (raw === '') return [];
  const stable = !hasVolatileMacros(raw);
  const blocks = parseExampleBlocks(raw);
  if (blocks.length === 0) return [draftsOf(material, { kind: 'examples', owner: '', role: 'system', raw })];
  const opener = preset.body.newExampleChat ?? preset.body.context?.example_separator ?? '';
  return blocks.map((block) => [
    ...draftsOf(material, { kind: 'examples', owner: '', role: 'system', raw: opener }),
    ...block.map(({ role, text }): Draft => ({ kind: 'examples', owner: '', role, text: render(text), stable })),
  ]);
}
