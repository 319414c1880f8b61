import type { DraftField } from '../../../contract/drafting.ts';
import { JsonStrings, type JsonStringPart } from './json-strings.ts';

/** How a field is asked for: one text, a scene of an action and a speech, a dialogue of exchanges, or a list. */
export type FieldShape = 'text' | 'scene' | 'dialogue' | 'list';

export function shapeOf(field: DraftField): FieldShape {
  if (field === 'exampleDialogue') return 'dialogue';
  if (field === 'greeting' || field === 'alternateGreeting') return 'scene';
  return field === 'tags' ? 'list' : 'text';
}

/**
 * Turns a model's answer into the words of a field while it is written. The answer is JSON where the model was held to
 * it, and whatever a model says where it was not: a code fence around it, or no JSON at all.
 */
export class DraftText {
  readonly #shape: FieldShape;
  readonly #json = new JsonStrings();
  #raw = '';
  #shown = '';
  #mode: 'undecided' | 'json' | 'plain' = 'undecided';
  #strings = 0;
  /** Strings that have ended. */
  #ended = 0;
  /** The key of the string being read. */
  #key: string | null = null;

  constructor(shape: FieldShape) {
    this.#shape = shape;
  }

  /** The model's own text. */
  get raw(): string {
    return this.#raw;
  }

  /** What may be shown now. */
  push(text: string): string {
    this.#raw += text;
    if (this.#mode === 'undecided') {
      const begun = this.#raw.trimStart();
      const start = jsonStart(begun);
      if (start === 'unclear') return '';
      this.#mode = start === null ? 'plain' : 'json';
      return this.#show(start === null ? begun : this.#words(this.#json.push(begun.slice(start))));
    }
    return this.#show(this.#mode === 'json' ? this.#words(this.#json.push(text)) : text);
  }

  /** The field as it shall be kept; `cut` is true when the model was stopped by a limit. */
  end({ cut }: { cut: boolean }): string {
    const text = this.#mode !== 'json' ? (innerJson(this.#raw, this.#shape) ?? stripFence(this.#raw)) : this.#shown;
    if (this.#shape === 'list') return text;
    const unfinished = cut && (this.#mode !== 'json' || this.#ended < this.#strings);
    if (!unfinished) return text.trim();
    return this.#shape === 'dialogue' ? dropLastLine(text) : endAtSentence(text);
  }

  #show(text: string): string {
    this.#shown += text;
    return text;
  }

  #words(parts: readonly JsonStringPart[]): string {
    let words = '';
    for (const part of parts) {
      if (part.type === 'end') {
        this.#ended += 1;
        if (this.#isAction()) words += '*';
      } else if (part.type === 'start') {
        this.#key = part.key;
        words += this.#lead(part.key);
        this.#strings += 1;
      } else if (this.#shape !== 'text' || this.#strings === 1) {
        words += this.#isAction() ? part.text.replaceAll('*', '') : part.text;
      }
    }
    return words;
  }

  #isAction(): boolean {
    return this.#shape === 'scene' && this.#key === 'action';
  }

  /** What stands before a string. */
  #lead(key: string | null): string {
    if (this.#shape === 'text') return '';
    if (this.#shape === 'scene') return `${this.#strings === 0 ? '' : '\n'}${this.#isAction() ? '*' : ''}`;
    if (this.#shape === 'list') return this.#strings === 0 ? '' : ', ';
    const speaker = key === 'user' ? '{{user}}: ' : '{{char}}: ';
    return `${this.#strings === 0 ? '<START>\n' : '\n'}${speaker}`;
  }
}

/** Longer than any fence's first line. */
const FENCE_LENGTH = 40;

/** Where JSON begins in the beginning of an answer; null for none. `{{char}}` and `[a remark]` are words. */
function jsonStart(begun: string): number | 'unclear' | null {
  const fence = /^```[^\n]*\n?\s*/.exec(begun)?.[0] ?? '';
  if (/^`{0,3}$/.test(begun) || (fence !== '' && !fence.includes('\n') && begun.length < FENCE_LENGTH))
    return 'unclear';
  const text = begun.slice(fence.length);
  if (/^[{[]?\s*$/.test(text)) return 'unclear';
  return /^(?:\{\s*["}]|\[\s*["{])/.test(text) ? fence.length : null;
}

/** JSON that stands somewhere in a talkative answer. */
function innerJson(text: string, shape: FieldShape): string | null {
  const start = text.search(/\{\s*"/);
  if (start < 0) return null;
  const inner = new DraftText(shape);
  inner.push(text.slice(start));
  const value = inner.end({ cut: false });
  return value === '' ? null : value;
}

function stripFence(text: string): string {
  return text
    .replace(/^\s*```\w*\n?/, '')
    .replace(/\n?```\s*$/, '')
    .trim();
}

/** Up to the last whole sentence, where that leaves most of the text. */
export function endAtSentence(text: string): string {
  const whole = /^[\s\S]*[.!?…。！？”"*」』）)](?=\s|$|[^\w])/u.exec(text.trim())?.[0] ?? '';
  return whole.length >= text.length * 0.3 ? whole.trim() : text.trim();
}

/** A dialogue without the line that was cut off, unless it is the only one. */
function dropLastLine(text: string): string {
  const lines = text.trim().split('\n');
  return lines.length > 3 ? lines.slice(0, -1).join('\n') : endAtSentence(text);
}
