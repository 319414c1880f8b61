import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Usage } from '../../../contract/metering.ts';
import { NO_USAGE } from '../../metering/cost.ts';

/**
 * What answers of a language model to one prompt used: what the model says at their ends, and of one that was cut off
 * what came of it.
 */
export class UsedTokens {
  readonly #promptTokens: number;
  /** Of answers that have ended. */
  #ended: Usage = NO_USAGE;
  /** Of the one under way; null between answers. */
  #current: Usage | null = null;
  #isCounted = true;

  /** `promptTokens`: what the prompt is reckoned to take. */
  constructor(promptTokens: number) {
    this.#promptTokens = promptTokens;
  }

  /** False where something had to be reckoned because the model did not say it. */
  get isCounted(): boolean {
    return this.#isCounted;
  }

  get isNothing(): boolean {
    return this.#ended === NO_USAGE;
  }

  /** Of answers that have ended, `close` before it for one that was cut off. */
  get ended(): Usage {
    return this.#ended;
  }

  /** With the answer under way. */
  get soFar(): Usage {
    return this.#current === null ? this.#ended : plus(this.#ended, this.#current);
  }

  /** The model is asked. */
  begin(): void {
    this.close();
    this.#current = { ...NO_USAGE, inputTokens: this.#promptTokens };
  }

  /** True where it changed what was used. */
  take(part: LanguageModelV4StreamPart): boolean {
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
      case 'tool-input-delta': {
        const current = this.#current ?? { ...NO_USAGE, inputTokens: this.#promptTokens };
        this.#current = { ...current, outputTokens: current.outputTokens + 1 };
        return true;
      }
      case 'finish': {
        const { inputTokens, outputTokens } = part.usage;
        const current = this.#current ?? NO_USAGE;
        if (inputTokens.total === undefined || outputTokens.total === undefined) this.#isCounted = false;
        this.#ended = plus(this.#ended, {
          ...NO_USAGE,
          inputTokens: inputTokens.total ?? current.inputTokens,
          cachedInputTokens: inputTokens.cacheRead ?? 0,
          outputTokens: outputTokens.total ?? current.outputTokens,
        });
        this.#current = null;
        return true;
      }
      default:
        return false;
    }
  }

  /** An answer that was cut off is billed by what came of it. */
  close(): void {
    if (this.#current === null || this.#current.outputTokens === 0) return;
    this.#ended = plus(this.#ended, this.#current);
    this.#isCounted = false;
    this.#current = null;
  }
}

function plus(left: Usage, right: Usage): Usage {
  return {
    ...NO_USAGE,
    inputTokens: left.inputTokens + right.inputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
  };
}
