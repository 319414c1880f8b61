import type { LoreEntry } from '../../../contract/lore.ts';
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

/** A text to scan, in the forms that keys are compared with, each made once. */
export class ScanText {
  readonly text: string;
  readonly #forms = new Map<string, string>();

  constructor(text: string) {
    this.text = text;
  }

  form({ caseSensitive, foldAccents }: { caseSensitive: boolean; foldAccents: boolean }): string {
    if (caseSensitive && !foldAccents) return this.text;
    const name = `${caseSensitive}${foldAccents}`;
    let form = this.#forms.get(name);
    if (form === undefined) this.#forms.set(name, (form = stForm(this.text, { caseSensitive, foldAccents })));
    return form;
  }
}

/** SillyTavern compares as written or in lower case; a book of ours may ask for folded accents. */
export function stForm(
  text: string,
  { caseSensitive, foldAccents }: { caseSensitive: boolean; foldAccents: boolean },
): string {
  if (foldAccents) return prepareText(text, { caseSensitive, foldAccents });
  return caseSensitive ? text : text.toLowerCase();
}

/** What SillyTavern's engine scans: newest messages, chosen fields, injections, and what recursion added. */
export class StScanText {
  readonly #newest: string[];
  readonly #input: LoreInput;
  readonly #injections: readonly string[];
  #recursion = '';
  #extraDepth = 0;
  #texts = new Map<string, ScanText>();

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
    return this.#recursion !== '';
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
    this.#recursion += JOINT + text;
    this.#texts = new Map();
  }

  /** Null where nothing is scanned: a depth of 0 leaves out recursion too. */
  textFor(entry: LoreEntry, phase: StPhase): ScanText | null {
    const depth = Math.min(entry.scanDepth ?? this.depth, MAX_SCAN_DEPTH);
    if (!(depth > 0)) return null;
    const fields = FIELD_FLAGS.filter(([flag, field]) => entry[flag] && this.#input.fields[field] !== '');
    // Deepening looks for more in the chat, not in what recursion brought.
    const withRecursion = phase !== 'min-activations';
    const name = `${depth} ${withRecursion} ${fields.map(([, field]) => field).join()}`;
    let scanned = this.#texts.get(name);
    if (!scanned) {
      const parts = [
        this.#newest.slice(0, depth).join(JOINT),
        ...fields.map(([, field]) => this.#input.fields[field]),
        ...this.#injections,
      ];
      scanned = new ScanText(MARK + parts.join(JOINT) + (withRecursion ? this.#recursion : ''));
      this.#texts.set(name, scanned);
    }
    return scanned;
  }
}
