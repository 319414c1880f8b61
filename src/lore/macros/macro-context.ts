import type { LoreMode } from '../../../contract/lore.ts';

/** What a card says, as written; macros in it are rendered when it is named. */
export interface MacroCard {
  description: string;
  personality: string;
  scenario: string;
  exampleDialogue: string;
  systemPrompt: string;
  postHistoryInstructions: string;
  creatorNotes: string;
  version: string;
  firstMessage: string;
  /** SillyTavern's character note at a depth. */
  depthPrompt: string;
}

/** What was said, for macros that name it. Times are epoch milliseconds. */
export interface MacroChat {
  lastMessage?: string | undefined;
  lastUserMessage?: string | undefined;
  lastCharMessage?: string | undefined;
  lastMessageAt?: number | undefined;
  /** Of the newest human message that is not the newest of all, as SillyTavern counts idleness. */
  lastUserMessageAt?: number | undefined;
  messageCount?: number | undefined;
  /** Places, counted from 0. */
  lastMessageId?: number | undefined;
  firstIncludedMessageId?: number | undefined;
  firstDisplayedMessageId?: number | undefined;
  /** Counted from 1. */
  lastSwipeId?: number | undefined;
  currentSwipeId?: number | undefined;
}

/** Everything a macro may say. Nothing else is read: the same context and random numbers give the same text. */
export interface MacroContext {
  /**
   * `spec`: Character Card V3, where `{{pick}}` depends on its own words, and backslashes before braces are plain text.
   * `st`: SillyTavern's macro engine. The names of both are known in both.
   */
  mode: LoreMode;
  names: {
    char: string;
    user: string;
    /** Everybody in a group, with commas; absent outside groups. */
    group?: string | undefined;
    groupNotMuted?: string | undefined;
    /** Everybody but the one who speaks. */
    notChar?: string | undefined;
  };
  /** What `{{original}}` stands for; its own macros are rendered. */
  original?: string | undefined;
  card?: Partial<MacroCard> | undefined;
  /** The persona's description; its own macros are rendered. */
  persona?: string | undefined;
  chat?: MacroChat | undefined;
  /** Epoch milliseconds. */
  now: number;
  /** IANA name; absent = the machine's. */
  timeZone?: string | undefined;
  /** BCP 47; absent = `en`. */
  locale?: string | undefined;
  /** The same for every turn of a conversation. */
  seed: string;
  /** For `{{random}}` and `{{roll}}`: at least 0, below 1. */
  random: () => number;
  /** Read and written. */
  variables: { local: Map<string, string>; global: Map<string, string> };
  /** Lore for `{{outlet::Name}}`, already rendered. */
  outlets?: ReadonlyMap<string, string> | undefined;
  /** What stands in the composer. */
  input?: string | undefined;
  /** Further texts by lower-case macro name, for example `model`; the same for every turn, and not rendered. */
  extra?: ReadonlyMap<string, string> | undefined;
  /** For people's eyes: `{{comment:x}}` is shown. */
  forDisplay?: boolean | undefined;
  /** For keys of lore to look at: `{{hidden_key:x}}` is there. */
  forMatching?: boolean | undefined;
}
