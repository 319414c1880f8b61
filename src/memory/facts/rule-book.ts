import { createHash } from 'node:crypto';
import { foldWords } from './fold-words.ts';
import type { RuleRow } from './rule-store.ts';

/** Letters of scripts that put spaces between words; in others a rule's words may stand inside a run. */
const SPACED = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;

/** What must never be remembered, ready to be asked: before facts are read, and before anything is recalled. */
export class RuleBook {
  readonly #messages = new Set<string>();
  readonly #marks = new Set<string>();
  readonly #words: string[] = [];

  constructor(rules: readonly Pick<RuleRow, 'kind' | 'value'>[]) {
    for (const { kind, value } of rules) {
      if (kind === 'message' || kind === 'paused') this.#messages.add(value);
      else if (kind === 'fact') this.#marks.add(value);
      else if (value !== '') this.#words.push(value);
    }
  }

  get isEmpty(): boolean {
    return this.#messages.size + this.#marks.size + this.#words.length === 0;
  }

  /** True when nothing of the message, or nothing with these words, may be remembered or recalled. */
  forbids(messageId: string, text: string): boolean {
    return this.#messages.has(messageId) || this.forbidsWords(text);
  }

  forbidsWords(text: string): boolean {
    if (this.#words.length === 0) return false;
    const folded = foldWords(text);
    return this.#words.some((words) => stands(words, folded));
  }

  /** True for a fact that the person had forgotten: it is not read from the same words of the same message again. */
  isForgotten(messageId: string, quote: string): boolean {
    return this.#marks.has(forgottenMark(messageId, quote));
  }
}

/** By which a forgotten fact is known, without its words: sha256, hex. */
export function forgottenMark(messageId: string, quote: string): string {
  return createHash('sha256')
    .update(`${messageId}\n${foldWords(quote)}`)
    .digest('hex');
}

function stands(words: string, text: string): boolean {
  for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
    const before = text[at - 1];
    const after = text[at + words.length];
    const cutsBefore = before !== undefined && SPACED.test(before) && SPACED.test(words[0] ?? '');
    const cutsAfter = after !== undefined && SPACED.test(after) && SPACED.test(words.at(-1) ?? '');
    if (!cutsBefore && !cutsAfter) return true;
  }
  return false;
}
