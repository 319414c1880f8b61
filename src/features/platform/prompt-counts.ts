import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Actor } from '../../accounts/actor.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { CharacterModels } from './characters/character-models.ts';
import { parseCharacterName } from './characters/character-name.ts';
import { countPrompt } from './count-prompt.ts';
import type { PlatformModels } from './platform-models.ts';

interface CountedCall extends Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'> {
  actor: Actor;
  model: string;
  signal: AbortSignal;
}

/** What a request would take of a model's sight, without asking it. */
export class PromptCounts {
  readonly #options: { models: PlatformModels; characters: CharacterModels; directory: ModelDirectory };

  constructor(options: { models: PlatformModels; characters: CharacterModels; directory: ModelDirectory }) {
    this.#options = options;
  }

  /** Tokens that a model sees, and those of each text; null for a character, whose turns find room by themselves. */
  async measure({
    actor,
    model: name,
    texts,
    signal,
  }: Pick<CountedCall, 'actor' | 'model' | 'signal'> & { texts: readonly string[] }): Promise<{
    contextLength: number;
    counts: number[];
  } | null> {
    if (parseCharacterName(name) !== null) return null;
    const { model } = await this.#options.models.resolve(actor, name, signal);
    return { contextLength: model.contextLength, counts: (await model.countTokens(texts, signal)).counts };
  }

  /** Tokens. */
  async count({ actor, model: name, signal, ...call }: CountedCall): Promise<number> {
    const { models, characters, directory } = this.#options;
    if (parseCharacterName(name) === null) {
      return countPrompt((await models.resolve(actor, name, signal)).model, call, signal);
    }
    const planned = await characters.plan({ actor, model: name, prompt: call.prompt, signal });
    const model = await directory.resolve(planned.modelRef, signal);
    return countPrompt(model, { ...call, prompt: planned.prompt }, signal);
  }
}
