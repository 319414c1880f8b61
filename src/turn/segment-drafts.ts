import type { PresetSegment, PromptRole } from '../../contract/prompts.ts';
import { hasVolatileMacros } from '../lore/macros/has-volatile-macros.ts';
import type { LorePlacement } from '../lore/lore-types.ts';
import { filesText } from './gather-files.ts';
import { housePrompt } from './house-prompt.ts';
import type { Chunk } from './prompt-chunks.ts';
import type { PromptMaterial } from './prompt-material.ts';
import { hasStory } from './tell-story.ts';

/** UTF-16 units of a fact by which a receipt names it. */
const FACT_NAME_LENGTH = 80;

/** A chunk before its tokens are counted. */
export type Draft = Omit<Chunk, 'tokens'>;

/** What one segment of a preset adds where it stands; examples and history are laid out apart. */
export function segmentDrafts(material: PromptMaterial, segment: PresetSegment): Draft[] {
  const { card, persona } = material;
  const house = housePrompt(material.locale);
  const titled = { material, segment };
  switch (segment.slot) {
    case 'house':
    case 'post-history':
      return instructionDrafts(material, segment, segment.slot);
    case 'lore-before':
      return loreDrafts(material, 'before-char', 'lore-before');
    case 'lore-after':
      return loreDrafts(material, 'after-char', 'lore-after');
    case 'persona': {
      const text = persona?.position === 'prompt' ? persona.description : '';
      return field({ ...titled, kind: 'persona', heading: house.persona, text, owner: persona?.name ?? '' });
    }
    case 'character':
      return [
        ...loreDrafts(material, 'before-desc', 'lore-before'),
        ...field({ ...titled, kind: 'character', heading: house.character, text: card.description }),
        ...loreDrafts(material, 'after-desc', 'lore-after'),
      ];
    case 'personality':
      return [
        ...field({ ...titled, kind: 'personality', heading: house.personality, text: card.personality }),
        ...loreDrafts(material, 'personality', 'lore-after'),
      ];
    case 'scenario':
      return [
        ...field({ ...titled, kind: 'scenario', heading: house.scenario, text: card.scenario }),
        ...loreDrafts(material, 'scenario', 'lore-after'),
      ];
    case 'note':
      return material.note?.depth === null ? noteDrafts(material) : [];
    case 'spoken':
      return spokenDrafts(material, segment);
    case 'room':
      return roomDrafts(material, segment);
    case 'world':
      return worldDrafts(material, segment);
    case 'custom':
      return draftsOf(material, { kind: 'custom', owner: segment.name, role: segment.role, raw: segment.text ?? '' });
    case 'examples':
    case 'history':
      return [];
    default:
      return segment.slot satisfies never;
  }
}

/** What the house or the preset tells the model, unless a lorebook switched that off (V3, `disable_ui_prompt`). */
function instructionDrafts(material: PromptMaterial, segment: PresetSegment, kind: 'house' | 'post-history'): Draft[] {
  const { card, lore, locale } = material;
  const isHouse = kind === 'house';
  const isOff = lore.disableUiPrompts.includes(isHouse ? 'system_prompt' : 'post_history_instructions');
  const house = housePrompt(locale);
  const alone = card.kind === 'assistant' ? house.assistantFrame : house.frame;
  const frame = material.room === null ? alone : house.room.frame;
  const standing = segment.text ?? (isHouse ? frame : '');
  return overridden({
    material,
    segment,
    kind,
    own: isHouse ? card.systemPrompt : card.postHistoryInstructions,
    replaced: isOff ? '' : standing,
  });
}

/** A card's own text replaces the preset's, which it can name as `{{original}}` (Character Card V2). */
function overridden({
  material,
  segment,
  kind,
  own,
  replaced,
}: {
  material: PromptMaterial;
  segment: PresetSegment;
  kind: string;
  own: string;
  replaced: string;
}): Draft[] {
  const { role, forbidOverrides, name } = segment;
  const raw = own.trim() === '' || forbidOverrides ? replaced : own;
  return draftsOf(material, { kind, owner: raw === own ? '' : name, role, raw, original: replaced });
}

/** A field of the card or persona: bare, under the house's heading in stable order, or as the preset words it. */
function field({
  material,
  segment,
  kind,
  heading,
  text,
  owner = '',
}: {
  material: PromptMaterial;
  segment: PresetSegment;
  kind: string;
  heading: string;
  text: string;
  owner?: string;
}): Draft[] {
  if (text.trim() === '') return [];
  const isHeaded = material.preset.body.order === 'stable';
  const worded = segment.text ?? (isHeaded ? `${heading}\n${text.trim()}` : text.trim());
  // A story string has its own words for each field.
  const raw = hasStory(material) ? text.trim() : worded;
  return draftsOf(material, { kind, owner, role: segment.role, raw });
}

export function draftsOf(
  { render }: PromptMaterial,
  {
    kind,
    owner,
    role,
    raw,
    original,
  }: { kind: string; owner: string; role: PromptRole; raw: string; original?: string },
): Draft[] {
  if (raw.trim() === '') return [];
  const text = render(raw, original === undefined ? undefined : { original }).trim();
  if (text === '') return [];
  return [{ kind, owner, role, text, stable: !hasVolatileMacros(`${raw}${original ?? ''}`) }];
}

export function loreDrafts(material: PromptMaterial, slot: LorePlacement['slot'], kind: string): Draft[] {
  return material.lore.placements
    .filter((placement) => placement.slot === slot)
    .map(({ owner, role, text, steady }) => ({ kind, owner, role, text, stable: steady }));
}

/** How one speaks in a call, in the preset's words or the house's, and what whoever calls added. */
export function spokenDrafts(
  material: PromptMaterial,
  { role, text }: Pick<PresetSegment, 'role' | 'text'> = { role: 'system', text: null },
): Draft[] {
  const { spoken, locale } = material;
  if (!spoken) return [];
  const raw = [text ?? housePrompt(locale).spoken, spoken.instructions ?? ''].filter((one) => one.trim() !== '');
  return raw.flatMap((one) => draftsOf(material, { kind: 'spoken', owner: '', role, raw: one }));
}

/** Who else is there, and what guests say of themselves; the same bytes while nobody comes or goes. */
export function roomDrafts(
  { room, locale, render }: PromptMaterial,
  { role, text }: Pick<PresetSegment, 'role' | 'text'> = { role: 'system', text: null },
): Draft[] {
  if (!room) return [];
  const words = housePrompt(locale).room;
  const here = room.near.length === 0 ? words.alone : words.here;
  const extra = new Map([['others', new Intl.ListFormat(locale, { type: 'conjunction' }).format(room.near)]]);
  const told = render(text ?? `${here} ${words.rules}`, { extra }).trim();
  const draft: Draft = { kind: 'room', owner: '', role, text: told, stable: !hasVolatileMacros(text ?? '') };
  const guests = room.guests.map(({ name, description }): Draft => ({
    kind: 'persona',
    owner: name,
    role,
    text: `${words.guest(name)}\n${description.trim()}`,
    stable: true,
  }));
  return told === '' ? guests : [draft, ...guests];
}

/** Passages of files, just before the newest message. */
export function filesDrafts({ files, locale }: PromptMaterial): Draft[] {
  if (!files) return [];
  return [{ kind: 'files', owner: '', role: 'system', text: filesText(files, locale), stable: false }];
}

/** Where the story happens, in the preset's words and the world's; then what is true there, which changes with the talk. */
export function worldDrafts(
  material: PromptMaterial,
  { role, text }: Pick<PresetSegment, 'role' | 'text'> = { role: 'system', text: null },
): Draft[] {
  const { world, locale } = material;
  if (!world) return [];
  const raw = [text ?? '', world.text].filter((one) => one.trim() !== '').join('\n');
  const heading = housePrompt(locale).worldFacts;
  return [
    ...draftsOf(material, { kind: 'world', owner: world.name, role, raw }),
    ...world.facts.map((fact, index) => ({
      kind: 'world-facts',
      owner: fact.slice(0, FACT_NAME_LENGTH).toWellFormed(),
      role,
      text: index === 0 ? `${heading}\n${fact}` : fact,
      stable: false,
    })),
  ];
}

/** The author's note with what stands around it. */
export function noteDrafts(material: PromptMaterial): Draft[] {
  const { note, persona } = material;
  if (!note || note.text.trim() === '') return [];
  const personaAt = (position: 'note-top' | 'note-bottom') =>
    persona?.position === position
      ? draftsOf(material, { kind: 'persona', owner: persona.name, role: note.role, raw: persona.description })
      : [];
  const drafts = [
    ...loreDrafts(material, 'note-top', 'lore-note'),
    ...personaAt('note-top'),
    ...draftsOf(material, { kind: 'note', owner: '', role: note.role, raw: note.text }),
    ...personaAt('note-bottom'),
    ...loreDrafts(material, 'note-bottom', 'lore-note'),
  ];
  return drafts.map((draft) => ({ ...draft, role: note.role, stable: false }));
}
