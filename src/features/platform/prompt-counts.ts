import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { Actor } from '../../accounts/actor.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ModelFacts } from '../../models/spec/model-handle.ts';
import type { CharacterModels } from './characters/character-models.ts';
import { parseCharacterName } from './characters/character-name.ts';
import { countPrompt, textOfPrompt } from '../../models/billing/count-prompt.ts';
import type { PlatformModels } from './platform-models.ts';
import { openExpected } from './routing/open-expected.ts';
import type { Router } from './routing/router.ts';

interface CountedCall extends Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'> {
  actor: Actor;
  model: string;
  signal: AbortSignal;
}

interface PromptCountsOptions {
  models: PlatformModels;
  router: Router;
  characters: CharacterModels;
  directory: ModelDirectory;
}

/** What a request would take of a model's sight, without asking it. */
export class PromptCounts {
  readonly #options: PromptCountsOptions;

  constructor(options: PromptCountsOptions) {
    this.#options = options;
  }

  /**
   * Tokens that a model sees, and those of each text; null for a character, whose turns find room by themselves. Throws
   * where the caller reaches nobody of that name.
   */
  async measure({
    actor,
    model: name,
    texts,
    signal,
  }: Pick<CountedCall, 'actor' | 'model' | 'signal'> & { texts: readonly string[] }): Promise<{
    contextLength: number;
    counts: number[];
  } | null> {
    if (parseCharacterName(name) !== null) {
      await this.#options.characters.require(actor, name);
      return null;
    }
    const model = await this.#expected({ actor, model: name, signal, prefix: texts.join('\n') });
    return { contextLength: model.contextLength, counts: (await model.countTokens(texts, signal)).counts };
  }

  /** Tokens. */
  async count({ actor, model: name, signal, ...call }: CountedCall): Promise<number> {
    const { characters, directory } = this.#options;
    if (parseCharacterName(name) === null) {
      const model = await this.#expected({ actor, model: name, signal, prefix: textOfPrompt(call.prompt) });
      return countPrompt(model, call, signal);
    }
    const planned = await characters.plan({ actor, model: name, prompt: call.prompt, signal });
    const model = await directory.resolve(planned.modelRef, signal);
    return countPrompt(model, { ...call, prompt: planned.prompt }, signal);
  }

  async #expected({
    actor,
    model,
    prefix,
    signal,
  }: Pick<CountedCall, 'actor' | 'model' | 'signal'> & { prefix: string }): Promise<ModelFacts> {
    const { models, router } = this.#options;
    const plan = await router.plan(actor, model, { conversation: null, prefix: () => prefix });
    return openExpected(models, plan, signal);
  }
}
