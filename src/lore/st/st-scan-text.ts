import type { LoreEntry } from '../../../contract/lore.ts';
import { GrowingTexts, type TextForm } from '../keys/growing-texts.ts';
import { prepareText } from '../keys/word-match.ts';
import type { LoreInput } from '../lore-types.ts';

/** SillyTavern's own limit of messages scanned. */
export const MAX_SCAN_DEPTH = 1000;
/** Stands before each message, so that expressions can tell where one begins. */
const MARK = '\u0001';
const JOINT = `\n${MARK}`;

export type StPhase = 'initial' | 'recursion' | 'min-activations';

const FIELD_FLAGS = [
  ['matchPersonaDescription', 'personaDescription'],
  ['matchCharacterDescription', 'characterDescription'],
  ['matchCharacterPersonality', 'characterPersonality'],
  ['matchCharacterDepthPrompt', 'characterDepthPrompt'],
  ['matchScenario', 'scenario'],
  ['matchCreatorNotes', 'creatorNotes'],
] as const;

/** What an entry is matched against: keys look in both, expressions in the whole. */
export interface ScanText {
  chat: GrowingTexts;
  /** Null where recursion does not count. */
  recursion: GrowingTexts | null;
  whole: string;
}

/** SillyTavern compares as written or in lower case; a book of ours may ask for folded accents. */
export function stForm(text: string, { caseSensitive, foldAccents }: TextForm): string {
  if (foldAccents) return prepareText(text, { caseSensitive, foldAccents });
  return caseSensitive ? text : text.toLowerCase();
}

/** What SillyTavern's engine scans: newest messages, chosen fields, injections, and what recursion added. */
export class StScanText {
  readonly #newest: string[];
  readonly #input: LoreInput;
  readonly #injections: readonly string[];
  readonly #recursion = new GrowingTexts();
  #recursionText = '';
  #extraDepth = 0;
  readonly #chats = new Map<string, { text: string; chat: GrowingTexts }>();
  #wholes = new Map<string, ScanText>();

  constructor(input: LoreInput) {
    this.#input = input;
    this.#injections = (input.injections ?? []).filter((text) => text !== '');
    const withNames = input.settings.world_info_include_names;
    this.#newest = input.messages
      .slice(-MAX_SCAN_DEPTH)
      .toReversed()
      .map(({ name, text }) => (withNames ? `${name}: ${text}` : text).trim());
  }

  get depth(): number {
    return this.#input.settings.world_info_depth + this.#extraDepth;
  }

  get hasRecursion(): boolean {
    return this.#recursionText !== '';
  }

  /** One message deeper; false when there is none. */
  deepen(): boolean {
    const limit = this.#input.settings.world_info_min_activations_depth_max;
    if ((limit > 0 && this.depth > limit) || this.depth > this.#newest.length) return false;
    this.#extraDepth += 1;
    return true;
  }

  addRecursion(text: string): void {
    if (text === '') return;
    this.#recursion.add(JOINT + text);
    this.#recursionText += JOINT + text;
    this.#wholes = new Map();
  }

  /** Null where nothing is scanned: a depth of 0 leaves out recursion too. */
  textFor(entry: LoreEntry, phase: StPhase): ScanText | null {
    const depth = Math.min(entry.scanDepth ?? this.depth, MAX_SCAN_DEPTH);
    if (!(depth > 0)) return null;
    const fields = FIELD_FLAGS.filter(([flag, field]) => entry[flag] && this.#input.fields[field] !== '');
    // Deepening looks for more in the chat, not in what recursion brought.
    const withRecursion = phase !== 'min-activations';
    const name = `${depth} ${fields.map(([, field]) => field).join()}`;
    const wholeName = `${withRecursion} ${name}`;
    let scanned = this.#wholes.get(wholeName);
    if (!scanned) {
      const { text, chat } = this.#chatOf(name, depth, fields);
      scanned = withRecursion
        ? { chat, recursion: this.#recursion, whole: text + this.#recursionText }
        : { chat, recursion: null, whole: text };
      this.#wholes.set(wholeName, scanned);
    }
    return scanned;
  }

  #chatOf(name: string, depth: number, fields: readonly (typeof FIELD_FLAGS)[number][]) {
    let found = this.#chats.get(name);
    if (!found) {
      const parts = [
        this.#newest.slice(0, depth).join(JOINT),
        ...fields.map(([, field]) => this.#input.fields[field]),
        ...this.#injections,
      ];
      const text = MARK + parts.join(JOINT);
      this.#chats.set(name, (found = { text, chat: new GrowingTexts([text]) }));
    }
    return found;
  }
}
