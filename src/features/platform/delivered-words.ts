import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Usage } from '../../../contract/metering.ts';
import { NO_USAGE } from '../../metering/cost.ts';
import { isPromptProgress } from '../../models/spec/model-handle.ts';

/** What came of an answer so far, by which one that its model did not count to the end is billed. */
export class DeliveredWords {
  /** Of calls whose inputs came in pieces. */
  readonly #inPieces = new Set<string>();
  readonly #isCounted: boolean;
  #prompt: Pick<Usage, 'inputTokens' | 'cachedInputTokens'>;
  #deltas = 0;
  text = '';

  /** `inputTokens`: what the prompt is reckoned to take; `isCounted`: false where it counts elsewhere. */
  constructor({ inputTokens, isCounted }: { inputTokens: number; isCounted: boolean }) {
    this.#isCounted = isCounted;
    this.#prompt = { inputTokens, cachedInputTokens: 0 };
  }

  /** What the prompt takes as its model reads it, where it tells; else as reckoned. Tokens of the answer are not in it. */
  get prompt(): Usage {
    return { ...NO_USAGE, ...this.#prompt };
  }

  /** About what was used; pieces stand for tokens. */
  get soFar(): Usage {
    return { ...this.prompt, outputTokens: this.#deltas };
  }

  /** True where something of the answer came. */
  take(part: LanguageModelV4StreamPart): boolean {
    if (part.type === 'raw') this.#readProgress(part.rawValue);
    const words = this.#wordsOf(part);
    if (words === '') return false;
    this.text += words;
    this.#deltas += 1;
    return true;
  }

  #readProgress(progress: unknown): void {
    if (!this.#isCounted || !isPromptProgress(progress)) return;
    this.#prompt = { inputTokens: progress.total, cachedInputTokens: progress.reused };
  }

  #wordsOf(part: LanguageModelV4StreamPart): string {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
        return part.delta;
      case 'tool-input-delta':
        this.#inPieces.add(part.id);
        return part.delta;
      case 'tool-call': {
        const { toolCallId, toolName, input } = part;
        return this.#inPieces.has(toolCallId) ? '' : `{"name":${JSON.stringify(toolName)},"arguments":${input}}`;
      }
      default:
        return '';
    }
  }
}
