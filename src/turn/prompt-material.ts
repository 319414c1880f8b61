import type { MessagePart } from '../../contract/messages.ts';
import type { Locale } from '../../contract/common.ts';
import type { LoreCut, LoreFired } from '../../contract/lore.ts';
import type { AuthorsNote, PresetBody, PromptRole } from '../../contract/prompts.ts';
import type { CardText } from '../character/card.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { LorePlacement } from '../lore/lore-types.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import type { Db } from '../storage/storage.ts';
import type { PromptMemory } from './choose-memories.ts';
import type { FilesMaterial } from './gather-files.ts';
import type { RoomMaterial } from './room-material.ts';
import type { WorldMaterial } from './gather-world.ts';
import type { SpokenStyle } from './turn-request.ts';
import type { OfferedTool } from './tool-turn.ts';

/** What a persona adds to the prompt. */
export interface PersonaText {
  name: string;
  description: string;
  position: 'prompt' | 'note-top' | 'note-bottom' | 'at-depth' | 'none';
  depth: number;
  role: PromptRole;
}

/** A card's own note at a depth (`extensions.depth_prompt`). */
export interface DepthPrompt {
  text: string;
  depth: number;
  role: PromptRole;
}

/** A piece of lore with who owns it; `steady` when it stands there in every turn with the same bytes. */
export interface PlacedLore extends LorePlacement {
  owner: string;
  steady: boolean;
}

export interface PlacedLoreResult {
  placements: PlacedLore[];
  fired: LoreFired[];
  cut: LoreCut[];
  disableUiPrompts: readonly ('system_prompt' | 'post_history_instructions')[];
}

/** What macros say in one text only. */
export interface RenderMore {
  /** What the text replaces. */
  original?: string | undefined;
  /** Instead of the persona's description. */
  persona?: string;
  /** Further texts by lower-case macro name. */
  extra?: ReadonlyMap<string, string>;
}

/** Everything a prompt is made of besides the history, read and rendered for one turn. */
export interface PromptMaterial {
  card: CardText;
  locale: Locale;
  names: { char: string; user: string };
  preset: { name: string; body: PresetBody };
  persona: PersonaText | null;
  /** Null when there is none, or when its interval leaves this turn out. */
  note: AuthorsNote | null;
  depthPrompt: DepthPrompt | null;
  /** Null where the reply is read. */
  spoken: SpokenStyle | null;
  /** Null where one human talks with one character. */
  room: RoomMaterial | null;
  /** Null where it happens in no world. */
  world: WorldMaterial | null;
  lore: PlacedLoreResult;
  /** Passages of the conversation's files; null where there are none to give. */
  files: FilesMaterial | null;
  render: (text: string, more?: RenderMore) => string;
}

export interface AssembleOptions {
  db: Db;
  model: ModelFacts;
  material: PromptMaterial;
  conversationId: string;
  /** The newest message the model sees. */
  endId: string | null;
  /** Newer still, and not kept yet, oldest first. */
  pending?: readonly MessageNode[] | undefined;
  /** Text of a character's message that the model goes on with, or null. */
  continueText: string | null;
  /** What it begins with, calls of tools among it. */
  begunParts?: readonly MessagePart[];
  /** What the model may call; absent = nothing. */
  tools?: readonly OfferedTool[];
  /** What earlier talk is looked through; absent = none is. */
  memory?: PromptMemory | null;
  signal: AbortSignal;
}
