import type { LorebookBody, LoreCut, LoreFired, LoreSettings } from '../../contract/lore.ts';
import type { LoreState } from './lore-state.ts';
import type { PatternCache } from './keys/pattern-cache.ts';

export interface LoreBookInUse {
  /** `character` for the card's own book. A book that is handed in twice counts once. */
  id: string;
  name: string;
  body: LorebookBody;
  source: 'chat' | 'persona' | 'character' | 'global';
}

export interface LoreMessage {
  name: string;
  text: string;
  role: 'user' | 'assistant' | 'system';
}

export type LoreTrigger = 'normal' | 'continue' | 'impersonate' | 'swipe' | 'regenerate' | 'quiet';

/** Texts of the character and persona that an entry may ask to be matched against. */
export interface LoreFields {
  personaDescription: string;
  characterDescription: string;
  characterPersonality: string;
  characterDepthPrompt: string;
  scenario: string;
  creatorNotes: string;
}

export interface LoreInput {
  books: readonly LoreBookInUse[];
  /** Visible ones, oldest first; `neededMessages` says how many of the newest are enough. */
  messages: readonly LoreMessage[];
  /** Visible messages before `messages[0]`. */
  earlierMessages: number;
  /** Of those, how many a character wrote. */
  earlierAssistantMessages: number;
  /** Which greeting opened the chat: 0 is `first_mes`, 1 the first alternate; null when none did or it was edited. */
  greetingIndex: number | null;
  settings: LoreSettings;
  fields: LoreFields;
  character: { name: string; tags: readonly string[] };
  /** Name of the active `user_icon` asset. */
  userIcon: string | null;
  trigger: LoreTrigger;
  /** Tokens the model can see, for budgets in percent. */
  contextLength: number;
  /** True when the history does not fit any more, which `@@ignore_on_max_context` asks for. */
  contextIsFull?: boolean;
  /** Texts to scan besides messages, such as an author's note that says so. */
  injections?: readonly string[];
  renderMacros: (text: string) => string;
  countTokens: (texts: readonly string[]) => Promise<number[]>;
  /** In [0, 1). One stream: the same seed and input give the same result. */
  random: () => number;
  state: LoreState;
  /** Compiled patterns, kept by the caller from turn to turn; without it each run compiles its own. */
  patterns?: PatternCache;
}

export type LoreSlot =
  | 'before-char'
  | 'after-char'
  | 'note-top'
  | 'note-bottom'
  | 'examples-top'
  | 'examples-bottom'
  | 'outlet'
  | 'at-depth'
  | 'reverse-depth'
  | 'before-desc'
  | 'after-desc'
  | 'personality'
  | 'scenario';

export interface LorePlacement {
  slot: LoreSlot;
  /** Messages from the end for `at-depth`, from the start for `reverse-depth`; else null. */
  depth: number | null;
  /** Depth 0 with `assistant` is a prefill; several are joined in this order. */
  role: 'system' | 'user' | 'assistant';
  /** Name of the outlet, for `outlet`. */
  outlet: string | null;
  text: string;
  order: number;
  bookId: string;
  uid: string;
  tokens: number;
}

export interface LoreResult {
  /** In prompt order, like `placements`. */
  fired: LoreFired[];
  cut: LoreCut[];
  placements: LorePlacement[];
  disableUiPrompts: ('system_prompt' | 'post_history_instructions')[];
  state: LoreState;
  /** Tokens. */
  budget: number;
  /** Tokens of all placements; over `budget` only by entries that ignore it. */
  used: number;
}
