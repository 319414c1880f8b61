import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { StopFilter } from '../../models/llama/reply-text.ts';

export interface CutterOptions {
  stopSequences: readonly string[];
  /** The answer ends with its first call of a tool. */
  oneToolCall: boolean;
}

/**
 * Ends an answer where its caller wants it to end, whatever the model does about that: before a stop sequence, of which
 * nothing is shown even where it comes in pieces, or behind its first call.
 */
export class PartCutter {
  readonly #filter: StopFilter | null;
  readonly #oneToolCall: boolean;
  #textId = '';
  /** Why the answer ends here; null = it goes on. */
  cut: 'stop' | 'tool-calls' | null = null;

  constructor({ stopSequences, oneToolCall }: CutterOptions) {
    this.#filter = stopSequences.length > 0 ? new StopFilter(stopSequences) : null;
    this.#oneToolCall = oneToolCall;
  }

  /** The stop sequence that ended it. */
  get stopSequence(): string | null {
    return this.#filter?.stoppedBy ?? null;
  }

  take(part: LanguageModelV4StreamPart): LanguageModelV4StreamPart[] {
    if (this.cut !== null) return [];
    if (part.type === 'tool-call' && this.#oneToolCall) {
      this.cut = 'tool-calls';
      return [...this.flush(), part];
    }
    if (!this.#filter) return [part];
    if (part.type !== 'text-delta') return [...this.flush(), part];
    this.#textId = part.id;
    const shown = this.#filter.push(part.delta);
    if (this.#filter.stopped) this.cut = 'stop';
    return shown === '' ? [] : [{ ...part, delta: shown }];
  }

  /** What was held back and turned out to be no stop sequence. */
  flush(): LanguageModelV4StreamPart[] {
    const delta = this.#filter?.flush() ?? '';
    return delta === '' ? [] : [{ type: 'text-delta', id: this.#textId, delta }];
  }
}
