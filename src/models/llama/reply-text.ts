/** Turns single tokens into text. Returns what is complete; a character split over tokens waits for its rest. */
export class TokenText {
  readonly #detokenize: (tokens: readonly number[], before: readonly number[]) => string;
  #before: number[];
  #pending: number[] = [];

  /** `before`: the last tokens of the prompt; some tokenizers drop a space at the very start of a text. */
  constructor(detokenize: (tokens: readonly number[], before: readonly number[]) => string, before: readonly number[]) {
    this.#detokenize = detokenize;
    this.#before = before.slice(-longestMemory);
  }

  push(token: number): string {
    this.#pending.push(token);
    const text = this.#detokenize(this.#pending, this.#before);
    if (text.endsWith(replacementCharacter) && this.#pending.length < longestCharacterInTokens) return '';
    return this.#take(text);
  }

  /** What is left when the reply ends, even if it is half a character. */
  flush(): string {
    if (this.#pending.length === 0) return '';
    return this.#take(this.#detokenize(this.#pending, this.#before).replaceAll(replacementCharacter, ''));
  }

  #take(text: string): string {
    this.#before = [...this.#before, ...this.#pending].slice(-longestMemory);
    this.#pending = [];
    return text;
  }
}

const replacementCharacter = '\uFFFD';
/** A character has at most four bytes, each of which may be its own token; a few more for a run of them. */
const longestCharacterInTokens = 8;
const longestMemory = 8;

/** Passes text on, but holds back what may become a stop sequence, and ends at the first whole one. */
export class StopFilter {
  readonly #sequences: readonly string[];
  #held = '';
  stopped = false;
  /** The sequence that stopped it. */
  stoppedBy: string | null = null;

  constructor(sequences: readonly string[]) {
    this.#sequences = sequences.filter((sequence) => sequence.length > 0);
  }

  push(text: string): string {
    if (this.stopped) return '';
    this.#held += text;
    const found = this.#sequences
      .map((sequence) => ({ sequence, at: this.#held.indexOf(sequence) }))
      .filter(({ at }) => at >= 0);
    const first = found.toSorted((a, b) => a.at - b.at)[0];
    if (first) {
      this.stopped = true;
      this.stoppedBy = first.sequence;
      const shown = this.#held.slice(0, first.at);
      this.#held = '';
      return shown;
    }
    const keep = Math.max(0, ...this.#sequences.map((sequence) => overlap(this.#held, sequence)));
    const shown = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(shown.length);
    return shown;
  }

  flush(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}

/** Length of the longest end of `text` that is a true beginning of `sequence`. */
function overlap(text: string, sequence: string): number {
  for (let length = Math.min(text.length, sequence.length - 1); length > 0; length--) {
    if (text.endsWith(sequence.slice(0, length))) return length;
  }
  return 0;
}

export interface ReplyPiece {
  type: 'text' | 'reasoning';
  text: string;
}

/** Separates a thought that opens a reply (`<think>…</think>`) from what is said. */
export class ThoughtSplitter {
  readonly #open: string;
  readonly #close: string;
  #state: 'undecided' | 'thinking' | 'speaking' = 'undecided';
  #held = '';

  constructor(open: string, close: string) {
    this.#open = open;
    this.#close = close;
  }

  push(text: string): ReplyPiece[] {
    if (this.#state === 'speaking') return text === '' ? [] : [{ type: 'text', text }];
    this.#held += text;
    if (this.#state === 'undecided') {
      const start = this.#held.trimStart();
      if (start.length < this.#open.length && this.#open.startsWith(start)) return [];
      if (!start.startsWith(this.#open)) return this.#speak(this.#held);
      this.#state = 'thinking';
      this.#held = start.slice(this.#open.length);
    }
    const end = this.#held.indexOf(this.#close);
    if (end >= 0) {
      const thought = this.#held.slice(0, end);
      const rest = this.#held.slice(end + this.#close.length).trimStart();
      return [...piece('reasoning', thought), ...this.#speak(rest)];
    }
    const keep = overlap(this.#held, this.#close);
    const thought = this.#held.slice(0, this.#held.length - keep);
    this.#held = this.#held.slice(thought.length);
    return piece('reasoning', thought);
  }

  flush(): ReplyPiece[] {
    const held = this.#held;
    this.#held = '';
    return piece(this.#state === 'thinking' ? 'reasoning' : 'text', held);
  }

  #speak(text: string): ReplyPiece[] {
    this.#state = 'speaking';
    this.#held = '';
    return piece('text', text);
  }
}

function piece(type: ReplyPiece['type'], text: string): ReplyPiece[] {
  return text === '' ? [] : [{ type, text }];
}
