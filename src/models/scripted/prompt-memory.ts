import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { messageText, messageTokens } from './scripted-tokens.ts';

interface KnownMessage {
  role: string;
  text: string;
  /** Its tokens, with the one that names its role. */
  count: number;
}

/** How long a prompt is in tokens, and how many leading ones its affinity's last prompt had too. */
export interface PromptCount {
  total: number;
  reused: number;
}

/**
 * Remembers the last prompt of each affinity, as the state an engine would keep. Messages that have not changed are not
 * taken apart again, so that a long conversation costs this model no more than an engine's own memory would.
 */
export class PromptMemory {
  readonly #known = new Map<string, readonly KnownMessage[]>();

  /** Compares with the last prompt of the same affinity; then this one takes its place. */
  remember(affinity: string | undefined, prompt: LanguageModelV4Prompt): PromptCount {
    const known = affinity === undefined ? [] : (this.#known.get(affinity) ?? []);
    const count: PromptCount = { total: 0, reused: 0 };
    let same = true;
    const now = prompt.map((message, index): KnownMessage => {
      const before = known[index];
      const text = messageText(message);
      if (same && before?.role === message.role && before.text === text) {
        count.total += before.count;
        count.reused += before.count;
        return before;
      }
      const tokens = messageTokens(message.role, text);
      if (same && before) count.reused += leadingTokens(tokens, messageTokens(before.role, before.text));
      same = false;
      count.total += tokens.length;
      return { role: message.role, text, count: tokens.length };
    });
    if (affinity !== undefined) this.#known.set(affinity, now);
    return count;
  }
}

function leadingTokens(tokens: readonly string[], known: readonly string[]): number {
  const different = tokens.findIndex((token, index) => token !== known[index]);
  return different === -1 ? tokens.length : different;
}
